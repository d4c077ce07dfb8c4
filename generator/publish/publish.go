// Package publish brings a directory to a wanted state: the trees in it hold
// exactly the files that were asked for, and a manifest says which they are.
//
// Apply works in this order, and each step depends on the one before:
//
//  1. The paths are checked. Nothing has happened when one is refused.
//  2. The folder is locked, so that two builds take turns, and
//     claimed: one that was not made by this package is refused with
//     ErrForeign if it holds anything, be it beside the trees, but for names
//     that begin with a dot. A new folder gets a manifest without outputs
//     before anything else, so that a folder with outputs always has one.
//     A folder that cannot be written is compared without a lock; only if
//     something is to change is that an error.
//  3. The trees are listed, and every file is rendered, several at once. A
//     file whose bytes are in place already, be it that File.Current says so,
//     is dropped; the others are staged beside the trees. If one cannot be
//     rendered then nothing under the trees has changed, and the errors of all
//     files are returned together.
//  4. What is no longer wanted is removed. This comes first because a page
//     that was made members-only must leave the public tree before anything
//     else happens.
//  5. What was staged is moved into place, tree by tree in the order of
//     Options.Trees. Where a folder is missing, the topmost missing one is one
//     rename with all that is in it, so a first build makes one for each tree.
//     A file whose folder is there is a rename of its own; of these several are
//     made at once, so that within a tree the order is only roughly that of the
//     paths. A rename is whole or has not happened, so a reader, and whoever
//     comes after a kill, sees old or new files and never a part of one, and no
//     new folder without its files.
//  6. The manifest is written. It reports and does not steer: stale files are
//     found by walking the trees, so the Apply after a kill finishes the work.
//
// Symbolic links inside the trees are removed and never followed: a link in
// the public tree could show what lies outside of it. All is read and changed
// through os.Root.
//
// Files are not synced to the disk one by one, since a site can be built
// again. After a power loss some file systems may show an empty file where one
// was renamed; as files are compared by their bytes, the next Apply heals it.
// Not so one that File.Current vouches for, which is not read: what Current
// goes by has to show such damage, as the size does.
package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ErrForeign is returned for a folder that holds something and was not made
// by this package, or whose manifest cannot be read. The error that wraps it
// names the folder.
var ErrForeign = errors.New("this folder was not made by kaiho")

// ErrBusy is returned when another process kept the folder locked for longer
// than Apply waits.
var ErrBusy = errors.New("another kaiho is writing to this folder")

// File is a wanted output. One of Render and Copy is set.
type File struct {
	// Path is slash-separated and under the root, e.g. "public/news/index.html".
	Path string
	// Audience is "public" or an audience's name; it goes into the manifest.
	Audience string
	// Render returns the file's bytes. It is called at most once, at the same
	// time as that of other files, and its result is not kept.
	Render func() ([]byte, error)
	// Copy opens the file's bytes and is for files too large to hold: they are
	// compared and staged as they are read. If set, Render is not called.
	Copy func() (io.ReadCloser, error)
	// Current, if set, is asked about the regular file that is in place
	// already, which looks like info (of an Lstat in this call of Apply). If it
	// reports true the file has the wanted bytes, whose SHA-256 it returns: it
	// is neither rendered nor read. It is called at the same time as that of
	// other files.
	Current func(info fs.FileInfo) (sum [32]byte, ok bool)
}

// Options says what Apply may touch.
type Options struct {
	// Trees are the folders under the root that Apply owns, e.g. "public",
	// "members". All else under the root is left alone; outputs of other trees
	// stay in the manifest.
	Trees []string
	// Workers is how many files are rendered at once; 0 is GOMAXPROCS.
	Workers int
	// Version names the program in the manifest.
	Version string
	// Placed, if set, is told of every file that Render or Copy made and that
	// is now in place (moved there, or found to have these bytes): its index in
	// files, what an Lstat of it says afterwards, and the SHA-256 of its bytes.
	// It is called by several goroutines at once, before the manifest is
	// written, never for files that Current vouched for, and not at all when
	// Apply fails before the first move. What somebody else changed meanwhile
	// is not told, or with the times from before that change.
	Placed func(i int, info fs.FileInfo, sum [32]byte)
	// Done, if set, is called at the end of an Apply that has succeeded, while the
	// folder is still locked: nobody else has changed it since. manifest is an
	// Lstat of the manifest.
	Done func(r Report, manifest fs.FileInfo)
}

// Report counts what Apply did. Outputs is Written and Unchanged together;
// Removed counts files and links that were not wanted.
type Report struct{ Outputs, Written, Removed, Unchanged int }

// Apply brings the trees named in o.Trees under root to exactly files.
//
// Errors are those of the paths, all together; ErrForeign; ErrBusy; those of
// Render and Copy, all together, each with its path; and those of the machine,
// with what was attempted. When ctx ends before the first change Apply returns
// its error and has changed nothing; from then on it finishes, which is short.
func Apply(ctx context.Context, root *os.Root, files []File, o Options) (Report, error) {
	if err := check(files, o.Trees); err != nil {
		return Report{}, err
	}
	unlock, err := lock(ctx, root)
	stage := newStage(root)
	switch {
	case err == nil:
		defer unlock()
		defer stage.remove()
	case isReadOnly(err):
		stage.readOnly = err
	default:
		return Report{}, err
	}
	manifest, found, err := readManifest(root)
	if err != nil {
		return Report{}, err
	}
	if !found {
		if err := refuseForeign(root, o.Trees); err != nil {
			return Report{}, err
		}
	}
	if err := stage.sweep(); err != nil {
		return Report{}, err
	}
	if !found {
		if err := stage.writeManifest(record{Generator: o.Version}.encode(), true); err != nil {
			return Report{}, err
		}
	}
	plan := newPlan(files, o.Trees)
	err = plan.walk(root)
	if err == nil {
		err = stage.render(ctx, plan, o)
	}
	if err != nil {
		if !found {
			// The folder is as it was found; only what this call added goes.
			err = errors.Join(err, root.Remove(ManifestName))
		}
		return Report{}, err
	}
	report, err := stage.commit(manifest, o)
	if err != nil || o.Done == nil {
		return report, err
	}
	info, err := root.Lstat(ManifestName)
	if err != nil {
		return report, fmt.Errorf("look at the manifest: %w", err)
	}
	o.Done(report, info)
	return report, nil
}
