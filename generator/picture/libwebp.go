package picture

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// libwebp is the reference encoder and decoder of WebP, compiled to WebAssembly
// (libwebp/README.md). In its sandbox no damaged file can do harm, and its bytes
// are the same on every machine.
//
//go:embed libwebp/webp.wasm.gz
var libwebp []byte

// webpMethod is how hard the encoder tries, 0 to 6: 4 is libwebp's own default.
const webpMethod = 4

const maxWebPSide = 16383 // pixels, RFC 9649, 2.7

// sandboxPages is how much memory a call may have, in pages of 64 KiB: 3 GiB.
const sandboxPages = 3 << 14

// webpProgram is the compiled libwebp and what runs it.
type webpProgram struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

// startWebP compiles libwebp, once, when the first WebP is met.
var startWebP = sync.OnceValues(func() (webpProgram, error) {
	ctx := context.Background() // the program lives as long as the process
	z, err := gzip.NewReader(bytes.NewReader(libwebp))
	if err != nil {
		return webpProgram{}, fmt.Errorf("unpack libwebp: %w", err)
	}
	code, err := io.ReadAll(z)
	if err != nil {
		return webpProgram{}, fmt.Errorf("unpack libwebp: %w", err)
	}
	p := webpProgram{runtime: wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithMemoryLimitPages(sandboxPages))}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, p.runtime); err != nil {
		return p, fmt.Errorf("start libwebp: %w", err)
	}
	if p.module, err = p.runtime.CompileModule(ctx, code); err != nil {
		return p, fmt.Errorf("compile libwebp: %w", err)
	}
	return p, nil
})

// webpCall is one run of libwebp, in a memory of its own that goes when it ends.
type webpCall struct {
	ctx    context.Context
	module api.Module
}

func newWebPCall() (webpCall, error) {
	program, err := startWebP()
	if err != nil {
		return webpCall{}, err
	}
	ctx := context.Background() // a picture takes a second at most, and is not worth stopping
	module, err := program.runtime.InstantiateModule(ctx, program.module, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return webpCall{}, fmt.Errorf("start libwebp: %w", err)
	}
	return webpCall{ctx, module}, nil
}

func (c webpCall) close() { _ = c.module.Close(c.ctx) } // nothing is kept that could be lost

var errSandbox = errors.New("libwebp has no memory left")

// room returns the address of size bytes in the memory of the call.
func (c webpCall) room(size int) (uint32, error) {
	at, err := c.module.ExportedFunction("malloc").Call(c.ctx, uint64(size))
	if err != nil || at[0] == 0 {
		return 0, errors.Join(errSandbox, err)
	}
	return uint32(at[0]), nil
}

// hand puts data into the memory of the call.
func (c webpCall) hand(data []byte) (uint32, error) {
	at, err := c.room(len(data))
	if err == nil && !c.module.Memory().Write(at, data) {
		err = errSandbox
	}
	return at, err
}

// encodeWebP writes m as lossy WebP of the quality 1 to 100.
func encodeWebP(m *image.NRGBA, quality int) ([]byte, error) {
	c, err := newWebPCall()
	if err != nil {
		return nil, err
	}
	defer c.close()
	in, err := c.hand(m.Pix)
	if err != nil {
		return nil, err
	}
	size, err := c.hand(make([]byte, 8))
	if err != nil {
		return nil, err
	}
	const rgba, lossy, exact = 0, 0, 0
	at, err := c.module.ExportedFunction("encode").Call(c.ctx, uint64(in), uint64(m.Rect.Dx()), uint64(m.Rect.Dy()), uint64(size),
		rgba, uint64(min(quality, 100)), webpMethod, lossy, exact)
	if err != nil {
		return nil, fmt.Errorf("encode WebP: %w", err)
	}
	length, ok := c.module.Memory().ReadUint32Le(size)
	data, ok2 := c.module.Memory().Read(uint32(at[0]), length)
	if !ok || !ok2 || at[0] == 0 || length == 0 {
		return nil, fmt.Errorf("encode WebP: %w", errSandbox)
	}
	return bytes.Clone(data), nil
}

// decodeWebP decodes a WebP of width by height pixels as stored. It asks for RGBA,
// as the range of the colours in WebP is not that of JPEG, for which Go's types
// are made.
func decodeWebP(data []byte, width, height int) (image.Image, error) {
	c, err := newWebPCall()
	if err != nil {
		return nil, err
	}
	defer c.close()
	in, err := c.hand(data)
	if err != nil {
		return nil, err
	}
	facts, err := c.room(5 * 4)
	if err != nil {
		return nil, err
	}
	out, err := c.room(4 * width * height)
	if err != nil {
		return nil, err
	}
	decode := c.module.ExportedFunction("decode")
	const all = 1 // as an animation of one frame: that gives RGBA
	for _, onlyFacts := range []uint64{1, 0} {
		done, err := decode.Call(c.ctx, uint64(in), uint64(len(data)), onlyFacts, all,
			uint64(facts), uint64(facts+4), uint64(facts+8), uint64(facts+12), uint64(facts+16), uint64(out))
		if err != nil || done[0] == 0 {
			return nil, damaged("the WebP cannot be decoded")
		}
		w, _ := c.module.Memory().ReadUint32Le(facts)
		h, _ := c.module.Memory().ReadUint32Le(facts + 4)
		frames, _ := c.module.Memory().ReadUint32Le(facts + 8)
		if int64(w) != int64(width) || int64(h) != int64(height) || frames != 1 {
			return nil, damaged("the WebP's header and its image differ")
		}
	}
	pix, ok := c.module.Memory().Read(out, uint32(4*width*height))
	if !ok {
		return nil, fmt.Errorf("decode WebP: %w", errSandbox)
	}
	return &image.RGBA{Pix: bytes.Clone(pix), Stride: 4 * width, Rect: image.Rect(0, 0, width, height)}, nil
}
