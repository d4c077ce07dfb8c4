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

// cache returns the cache of the project.
func (s *session) cache() *generator.Cache {
	if s.kept == nil {
		s.kept = generator.NewCache(filepath.Join(s.state(), "cache"), program())
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
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	switch {
	case info.Main.Sum != "":
		return info.GoVersion + " " + info.Main.Version + " " + info.Main.Sum
	case settings["vcs.modified"] == "false":
		return info.GoVersion + " " + settings["vcs.revision"]
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
