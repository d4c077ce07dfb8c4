package picture

import (
	"bytes"
	"encoding/binary"
)

// Blocks of GIF89a, appendix A.
const (
	gifExtension = 0x21
	gifImage     = 0x2c
	gifTrailer   = 0x3b
	gifControl   = 0xf9
	gifPlainText = 0x01
	gifApp       = 0xff
)

func isGIF(data []byte) bool {
	return bytes.HasPrefix(data, []byte("GIF87a")) || bytes.HasPrefix(data, []byte("GIF89a"))
}

func sizeGIF(data []byte) (width, height int, err error) {
	if _, err := stripGIF(data); err != nil {
		return 0, 0, err
	}
	return int(binary.LittleEndian.Uint16(data[6:])), int(binary.LittleEndian.Uint16(data[8:])), nil
}

func stripGIF(data []byte) ([]byte, error) {
	short := cutOff("GIF")
	c := &cursor{data: data}
	head, ok := c.take(13)
	if !ok {
		return nil, short
	}
	if _, ok := c.take(colorTableBytes(head[10])); !ok {
		return nil, short
	}
	out := append(make([]byte, 0, len(data)), data[:c.pos]...)
	var control []byte // belongs to the next image or plain text
	images := 0
	for {
		kind, ok := c.byte()
		if !ok {
			return nil, short
		}
		switch kind {
		case gifTrailer:
			if images == 0 {
				return nil, damaged("the GIF holds no image")
			}
			return append(out, gifTrailer), nil
		case gifImage:
			image, ok := takeGIFImage(c)
			if !ok {
				return nil, short
			}
			out = append(append(append(out, control...), gifImage), image...)
			control = nil
			images++
		case gifExtension:
			label, ok := c.byte()
			if !ok {
				return nil, short
			}
			blocks, ok := takeSubBlocks(c)
			if !ok {
				return nil, short
			}
			switch label {
			case gifControl:
				control = nil
				if len(blocks) > 0 && len(blocks[0]) == 4 {
					control = append(append([]byte{gifExtension, gifControl, 4}, blocks[0]...), 0)
				}
			case gifPlainText:
				control = nil
			case gifApp:
				out = appendLoop(out, blocks)
			}
		default:
			return nil, damaged("the GIF has an unknown block")
		}
	}
}

// takeGIFImage returns an image after its introducer, whole.
func takeGIFImage(c *cursor) ([]byte, bool) {
	start := c.pos
	d, ok := c.take(9)
	if !ok {
		return nil, false
	}
	if _, ok := c.take(colorTableBytes(d[8]) + 1); !ok { // and the code size
		return nil, false
	}
	if _, ok := takeSubBlocks(c); !ok {
		return nil, false
	}
	return c.data[start:c.pos], true
}

func takeSubBlocks(c *cursor) (blocks [][]byte, ok bool) {
	for {
		n, ok := c.byte()
		if !ok {
			return nil, false
		}
		if n == 0 {
			return blocks, true
		}
		block, ok := c.take(int(n))
		if !ok {
			return nil, false
		}
		blocks = append(blocks, block)
	}
}

// appendLoop writes the application extension that says how often an animation
// runs, and nothing for any other.
func appendLoop(out []byte, blocks [][]byte) []byte {
	if len(blocks) < 2 || string(blocks[0]) != "NETSCAPE2.0" && string(blocks[0]) != "ANIMEXTS1.0" {
		return out
	}
	loop := blocks[1]
	if len(loop) != 3 || loop[0] != 1 {
		return out
	}
	out = append(out, gifExtension, gifApp, byte(len(blocks[0])))
	out = append(append(out, blocks[0]...), 3)
	return append(append(out, loop...), 0)
}

func colorTableBytes(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}
