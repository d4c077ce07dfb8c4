package doctor_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/doctor"
	"kaiho/generator/member"
	"kaiho/generator/signedlink"
	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

// without leaves out the finding on the disk of whoever runs the test.
func without(fs doctor.Findings, prefix string) doctor.Findings {
	return slices.DeleteFunc(slices.Clone(fs), func(f doctor.Finding) bool { return strings.HasPrefix(string(f.ID), prefix) })
}

// keep writes keys into the state folder.
func keep(t *testing.T, state string, keys ...signedlink.Key) {
	t.Helper()
	folder := filepath.Join(state, "keys")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	dir, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	for _, k := range keys {
		if err := signedlink.WriteKey(dir, k); err != nil {
			t.Fatal(err)
		}
	}
}

func mode(t *testing.T, name string, perm fs.FileMode) {
	t.Helper()
	if err := os.Chmod(name, perm); err != nil {
		t.Fatal(err)
	}
}

func TestFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are others there")
	}
	mail := signedlink.NewKey(signedlink.Mail, 1, now())
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, o *doctor.Options)
		wants []string
	}{
		{"all is closed", func(*testing.T, *doctor.Options) {}, []string{"ok files-fine"}},
		{"the group can look into the state folder", func(t *testing.T, o *doctor.Options) { mode(t, o.State, 0o750) }, []string{"error folder-open"}},
		{"others can enter it", func(t *testing.T, o *doctor.Options) { mode(t, o.State, 0o701) }, []string{"error folder-open"}},
		{"others can look into the folder of keys", func(t *testing.T, o *doctor.Options) { mode(t, filepath.Join(o.State, "keys"), 0o755) }, []string{"error folder-open"}},
		{"others can read a key", func(t *testing.T, o *doctor.Options) { mode(t, filepath.Join(o.State, "keys", "mail-1.json"), 0o644) }, []string{"error file-open"}},
		{"public halves are for all", func(t *testing.T, o *doctor.Options) {
			if err := os.WriteFile(filepath.Join(o.State, "keys", "public.json"), []byte("{}"), 0o644); err != nil {
				t.Fatal(err)
			}
		}, []string{"ok files-fine"}},
		{"others can read a signer's key", func(t *testing.T, o *doctor.Options) {
			file, _ := keyFile(t, rsaKey(t, 1024))
			mode(t, file, 0o640)
			o.DKIM = "nagi.example:k1:" + file
		}, []string{"error file-open"}},
		{"others can read the database in an open folder", func(t *testing.T, o *doctor.Options) {
			dir := t.TempDir()
			mode(t, dir, 0o755)
			o.DB = storetest.Open(t, "sqlite:"+filepath.Join(dir, "kaiho.db"))
			mode(t, filepath.Join(dir, "kaiho.db"), 0o644)
		}, []string{"error file-open"}},
		{"in a closed folder they cannot", func(t *testing.T, o *doctor.Options) {
			dir := t.TempDir()
			mode(t, dir, 0o700)
			o.DB = storetest.Open(t, "sqlite:"+filepath.Join(dir, "kaiho.db"))
			mode(t, filepath.Join(dir, "kaiho.db"), 0o644)
		}, []string{"ok files-fine"}},
		{"the state lies in dist", func(t *testing.T, o *doctor.Options) { o.State = filepath.Join(o.Source, "dist", "state") }, []string{"error state-inside"}},
		{"the state lies in static by a link", func(t *testing.T, o *doctor.Options) {
			real := filepath.Join(o.Source, "static", "x")
			if err := os.MkdirAll(real, 0o700); err != nil {
				t.Fatal(err)
			}
			o.State = filepath.Join(o.Source, "link")
			if err := os.Symlink(real, o.State); err != nil {
				t.Fatal(err)
			}
		}, []string{"error state-inside"}},
		{"a folder whose name begins like dist is none", func(t *testing.T, o *doctor.Options) {
			o.State = filepath.Join(o.Source, "distance")
			if err := os.Mkdir(o.State, 0o700); err != nil {
				t.Fatal(err)
			}
		}, []string{"ok files-fine"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.Offline = true
			keep(t, o.State, mail)
			test.spoil(t, &o)
			wants(t, without(doctor.Run(t.Context(), o), "disk-"), doctor.Files, test.wants...)
		})
	}
}

func TestKeys(t *testing.T) {
	mail, online, server := signedlink.NewKey(signedlink.Mail, 1, now()), signedlink.NewKey(signedlink.Online, 1, now()), signedlink.NewKey(signedlink.Server, 1, now())
	for _, test := range []struct {
		name  string
		keys  []signedlink.Key
		wants []string
	}{
		{"all three sign", []signedlink.Key{mail, online, server}, []string{"ok keys-fine"}},
		{"there are none", nil, []string{"error mail-key-missing", "warning gate-key-missing", "warning gate-key-missing"}},
		{"the mail key is missing", []signedlink.Key{online, server}, []string{"error mail-key-missing", "ok keys-fine"}},
		{"the mail key is revoked", []signedlink.Key{mail.Withdrawn(), online, server}, []string{"error mail-key-missing", "ok keys-fine"}},
		{"the server secret is missing", []signedlink.Key{mail, online}, []string{"warning gate-key-missing", "ok keys-fine"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.Offline = true
			keep(t, o.State, test.keys...)
			wants(t, doctor.Run(t.Context(), o), doctor.Keys, test.wants...)
		})
	}
	t.Run("a damaged one", func(t *testing.T) {
		o := options(t)
		o.Offline = true
		keep(t, o.State)
		if err := os.WriteFile(filepath.Join(o.State, "keys", "mail-1.json"), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		wants(t, doctor.Run(t.Context(), o), doctor.Keys, "error keys-unreadable")
	})
	t.Run("no folder", func(t *testing.T) {
		o := options(t)
		o.Offline = true
		wants(t, doctor.Run(t.Context(), o), doctor.Keys, "error mail-key-missing")
	})
}

func TestDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		o := options(t)
		o.Offline, o.DB = true, storetest.Open(t, url)
		wants(t, doctor.Run(t.Context(), o), doctor.Database, "ok database-fine", "warning members-none")
		book := member.Open(o.DB)
		for i, agreed := range []bool{true, false} {
			m, err := book.Add(t.Context(), member.Member{SMTP: []string{"a@x.example", "b@x.example"}[i], Name: member.Name{Family: "浜"}}, now())
			if err != nil {
				t.Fatal(err)
			}
			if !agreed {
				continue
			}
			if err := book.RecordConsent(t.Context(), m.ID, member.Consent{Purpose: member.Newsletter, Version: "1", Given: true, At: now(), Channel: "import"}); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // it leaves nothing that would be in the way
			wants(t, doctor.Run(t.Context(), o), doctor.Database, "ok database-fine", "ok members-fine", "warning members-without-consent")
		}
	})
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"there is none yet", fs.ErrNotExist, "error database-missing"},
		{"it is of a newer version", store.ErrNewer, "error database-failed"},
		{"it is locked", errors.Join(errors.New("open"), store.ErrLocked), "error database-failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.Offline, o.DBError = true, test.err
			wants(t, doctor.Run(t.Context(), o), doctor.Database, test.want)
		})
	}
	t.Run("somebody closed it", func(t *testing.T) {
		o := options(t)
		db, err := store.Open(t.Context(), storetest.SQLite(t))
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
		o.Offline, o.DB = true, db
		wants(t, doctor.Run(t.Context(), o), doctor.Database, "error database-read-only", "error database-failed")
	})
}

// Five thousand readers are so many that the large providers ask for DMARC.
func TestManyReadersNeedDMARC(t *testing.T) {
	o := options(t)
	o.Resolver = &zone{records: with(map[string][]string{"TXT _dmarc.nagi.example": nil})}
	o.DB = storetest.Open(t, storetest.SQLite(t))
	err := o.DB.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
			INSERT INTO member SELECT i, i || '@x.example', i || '@x.example', 'active', '[]', '浜', '', '', '', '', '', '', 0, 0, '', '', '', '', '', '', '', '', '', 0, 0, 0, 0, 1 FROM n`)
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `INSERT INTO consent (member, number, purpose, version, given, at, by_whom, channel) SELECT id, 1, 'newsletter', '1', 1, 1, '', 'import' FROM member`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := dmarcOf(doctor.Run(t.Context(), o)), []string{"error dmarc-missing-bulk"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSettings(t *testing.T) {
	pages := []doctor.Page{{URL: "/en/about/privacy/", Title: "Privacy"}, {URL: "/about/privacy/", Title: "個人情報の取り扱い"}}
	for _, test := range []struct {
		name, from, to string // what is changed in site.yaml
		pages          []doctor.Page
		wants          []string
	}{
		{"all is said", "", "", pages, []string{"ok sender-fine", "ok footer-fine", "ok privacy-fine", "ok relay-none"}},
		{"there is no sender", "from: 凪だより <letter@nagi.example>, ", "", pages, []string{"error sender-missing", "ok footer-fine", "ok privacy-fine", "ok relay-none"}},
		{"there is nowhere to bounce to", ", bounce: bounce.nagi.example", "", pages, []string{"ok sender-fine", "warning bounce-missing", "ok footer-fine", "ok privacy-fine", "ok relay-none"}},
		{"the address is missing", "address: 波音市1-2-3, ", "", pages, []string{"ok sender-fine", "error footer-missing", "ok privacy-fine", "ok relay-none"}},
		{"the contact is missing, so that answers come to the sender", ", contact: office@nagi.example", "", pages, []string{"ok sender-fine", "warning replies-missing", "error footer-missing", "ok privacy-fine", "ok relay-none"}},
		{"no page is on privacy", "", "", []doctor.Page{{URL: "/about/", Title: "会について"}}, []string{"ok sender-fine", "ok footer-fine", "warning privacy-missing", "ok relay-none"}},
		{"a page is by its title", "", "", []doctor.Page{{URL: "/about/data/", Title: "プライバシーポリシー"}}, []string{"ok sender-fine", "ok footer-fine", "ok privacy-fine", "ok relay-none"}},
		{"pages are not known", "", "", nil, []string{"ok sender-fine", "ok footer-fine", "ok relay-none"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.Offline, o.SMTPURL, o.Pages = true, "", test.pages
			o.Site = site(t, strings.Replace(settings, test.from, test.to, 1))
			fs := doctor.Run(t.Context(), o)
			wants(t, fs, doctor.Settings, test.wants...)
			if at := slices.IndexFunc(fs, func(f doctor.Finding) bool { return f.ID == diag.PrivacyFine }); at >= 0 && len(test.pages) == 2 && fs[at].Args[1] != "/about/privacy/" {
				t.Errorf("got the page %s, want that of the main edition", fs[at].Args[1])
			}
		})
	}
}
