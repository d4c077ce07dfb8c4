package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"kaiho/generator"
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

// tune lets the collector of garbage wait a little: a build makes much of it,
// keeps little and soon ends. GOGC and GOMEMLIMIT of the environment win.
func (s *session) tune() {
	if s.getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if s.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

const (
	garbagePercent = 125
	memoryLimit    = 800 << 20 // from there on it hurries: a site of 100,000 pages has 600 MB
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

// executable returns the SHA-256 of this program's file; if it cannot be read,
// something that no other process has.
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
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return unknown
	}
	return hex.EncodeToString(hash.Sum(nil))
}
