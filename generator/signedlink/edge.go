package signedlink

import "embed"

// Edge holds edge/verify.js, which checks links with the public halves of keys
// alone, and edge/worker.js, the gate around it for hosts that run JavaScript.
//
//go:embed edge/verify.js edge/worker.js
var Edge embed.FS
