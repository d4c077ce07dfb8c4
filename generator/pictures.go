package generator

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/picture"
	"kaiho/generator/site"
)

// pictureError is a picture whose header is right and whose pixels are not: what
// only decoding tells.
type pictureError struct {
	problem diag.Problem
	err     error
}

func (e *pictureError) Error() string { return e.err.Error() }

func (e *pictureError) Unwrap() error { return e.err }

// sweep removes from the cache what no page wants any more, after a build that has
// added to it.
func (p *Project) sweep(outputs []Output) {
	if p.cache.images.Made() == 0 {
		return
	}
	wanted := map[[32]byte]bool{}
	for i := range outputs {
		switch out := &outputs[i]; {
		case out.Made != nil:
			wanted[out.Made.Key] = true
		case out.Card != nil:
			wanted[p.font.Key(*out.Card)] = true
		}
	}
	p.cache.images.Sweep(wanted, time.Now()) // by which the folder's files are dated
}

// rendition makes the bytes of an output that is made of a picture, unless they were
// made before. together is what is made of the picture anyway: to decode it takes
// longer than the rest.
func (r *renderer) rendition(out site.Output, together []picture.Rendition) ([]byte, error) {
	f := out.File
	data, err := r.p.cache.images.Get(picture.Order{
		Info: f.Picture, All: together,
		Read: func() ([]byte, error) {
			data, err := fs.ReadFile(r.p.source, f.Path)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", f.Path, err)
			}
			return data, nil
		},
	}, *out.Made)
	r.made()
	if !errors.Is(err, picture.ErrDamaged) {
		return data, err
	}
	fault := picture.Fault(err, f.Path)
	fault.Pos = r.p.Library.PlaceOf(f)
	mistake := &pictureError{fault, err}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed[failure{mistake.problem.Pos, err.Error()}] = mistake.problem
	return nil, mistake
}

// made tells how many pictures were made.
func (r *renderer) made() {
	if r.p.o.Made != nil {
		r.p.o.Made(r.p.cache.images.Made())
	}
}
