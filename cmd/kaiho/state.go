package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"kaiho/generator"
	"kaiho/generator/cache"
)

// state returns the folder for what is kept between commands and is not to be in
// git: KAIHO_STATE, or .kaiho in the project folder.
func (s *session) state() string {
	if dir := s.getenv("KAIHO_STATE"); dir != "" {
		return dir
	}
	return filepath.Join(s.source, ".kaiho")
}

// checkState refuses a folder for state that a build reads or writes: what is in
// it, drafts and members' pages among it, would be published.
func (s *session) checkState() error {
	state := settled(s.state())
	for _, folder := range []string{"content", "layouts", "static", "dist"} {
		if within(state, settled(filepath.Join(s.source, folder))) {
			return usageError{fmt.Errorf("%s", s.say(
				fmt.Sprintf("the folder for state, %s, may not lie in %s/; set KAIHO_STATE to another one", s.state(), folder),
				fmt.Sprintf("作業用のフォルダー %s を %s/ の中に置くことはできません。KAIHO_STATE で別の場所を指定してください", s.state(), folder)))}
		}
	}
	return nil
}

// settled returns where a path leads once all links are followed, as far as it is
// there.
func settled(name string) string {
	full, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	rest := ""
	for at := full; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest)
		}
		if at == filepath.Dir(at) {
			return full
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}

// within reports whether a path is dir or lies below it.
func within(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, dir+string(filepath.Separator))
}

// cache returns the cache of the project.
func (s *session) cache() *generator.Cache {
	if s.kept == nil {
		s.kept = generator.NewCache(filepath.Join(s.state(), "cache"), program())
		s.kept.Pictures = s.getenv("KAIHO_PICTURES")
	}
	return s.kept
}

// tune lets the collector of garbage wait: a command makes much of it, keeps
// little and soon ends, so that most need no collection at all. GOGC and
// GOMEMLIMIT of the environment win.
func (s *session) tune() {
	if s.getenv("GOGC") != "" || s.getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(quietBytes)
	runtime.SetFinalizer(new([16]byte), func(*[16]byte) { // after the first collection
		debug.SetGCPercent(garbagePercent)
		debug.SetMemoryLimit(memoryLimit)
	})
}

const (
	quietBytes     = 160 << 20 // until then, no collection
	garbagePercent = 150
	memoryLimit    = 900 << 20 // from there on they follow closer: a site of 100,000 pages has 450 MB
)

// program identifies this program: what another one has kept in a cache may mean
// something else. A build of a clean commit is known by its version, any other by
// its bytes.
func program() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return executable()
	}
	isClean := info.Main.Sum != ""
	for _, s := range info.Settings {
		isClean = isClean || s.Key == "vcs.modified" && s.Value == "false"
	}
	if isClean {
		return info.String() // with versions, sums, and how it was built
	}
	return executable()
}

// executable identifies this program's file; if that cannot be, it returns what no
// other process has. One that was made for this run alone, as by go run, is known
// by its bytes, any other by what it looks like.
func executable() string {
	unknown := fmt.Sprint("process ", os.Getpid(), time.Now().UnixNano())
	name, err := os.Executable()
	if err != nil {
		return unknown
	}
	file, err := os.Open(name)
	if err != nil {
		return unknown
	}
	defer file.Close()
	if !strings.HasPrefix(name, os.TempDir()) {
		if info, err := file.Stat(); err == nil {
			return fmt.Sprint(name, cache.StatOf(info))
		}
		return unknown
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return unknown
	}
	return hex.EncodeToString(hash.Sum(nil))
}
