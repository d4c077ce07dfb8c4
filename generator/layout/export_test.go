package layout

// Plain returns o for a set that executes layouts as they are written.
func Plain(o Options) Options {
	o.plain = true
	return o
}
