package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/member"
	"kaiho/generator/signedlink"
	"kaiho/generator/store"
)

// lookKeys looks at which keys sign.
func lookKeys(_ context.Context, x *examination) Findings {
	folder := filepath.Join(x.State, "keys")
	dir, err := os.OpenRoot(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return Findings{found(diag.MailKeyMissing)}
	}
	if err != nil {
		return Findings{found(diag.KeysUnreadable, "reason", plain(err))}
	}
	defer dir.Close()
	keys, err := signedlink.ReadKeys(dir)
	if err != nil && len(openKeys(folder)) > 0 {
		return nil // lookFiles says so: they are not read then
	}
	if err != nil {
		return Findings{found(diag.KeysUnreadable, "reason", err.Error())}
	}
	var findings Findings
	var signing []string
	for _, use := range signedlink.Uses() {
		key, ok := signedlink.Current(keys, use)
		switch {
		case ok:
			signing = append(signing, key.String())
		case use == signedlink.Mail:
			findings = append(findings, found(diag.MailKeyMissing))
		default:
			findings = append(findings, found(diag.GateKeyMissing, "use", string(use)))
		}
	}
	if len(signing) > 0 {
		findings = append(findings, found(diag.KeysFine, "list", strings.Join(signing, ", "), "path", folder))
	}
	return findings
}

// lookDatabase looks at whether the database is there and can be written: opening it
// has brought its tables up to date.
func lookDatabase(ctx context.Context, x *examination) Findings {
	switch {
	case x.DB == nil && (x.DBError == nil || errors.Is(x.DBError, fs.ErrNotExist)):
		return Findings{found(diag.DatabaseMissing)}
	case x.DB == nil:
		return Findings{found(diag.DatabaseFailed, "reason", x.DBError.Error())}
	}
	if err := x.tryWriting(ctx); err != nil {
		return Findings{found(diag.DatabaseReadOnly, "name", x.DB.Name(), "reason", err.Error())}
	}
	return Findings{found(diag.DatabaseFine, "name", x.DB.Name())}
}

// errUndone ends a transaction that is to leave nothing.
var errUndone = errors.New("undone")

// tryWriting writes a table, and takes it back.
func (x *examination) tryWriting(ctx context.Context) error {
	err := x.DB.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `CREATE TABLE doctor_was_here (one INTEGER)`); err != nil {
			return err
		}
		return errUndone
	})
	if errors.Is(err, errUndone) {
		return nil
	}
	return err
}

// lookMembers counts who gets letters.
func lookMembers(ctx context.Context, x *examination) (findings Findings) {
	if x.DB == nil {
		return nil
	}
	counts, err := member.Open(x.DB).Count(ctx)
	if err != nil {
		return Findings{found(diag.DatabaseFailed, "reason", err.Error())}
	}
	if counts.Mailable == 0 {
		findings = append(findings, found(diag.MembersNone))
	} else {
		findings = append(findings, found(diag.MembersFine, "count", strconv.Itoa(counts.Mailable)))
	}
	if counts.Silent > 0 {
		findings = append(findings, found(diag.MembersSilent, "count", strconv.Itoa(counts.Silent)))
	}
	return findings
}

// readers is how many people get letters; 0 if that cannot be known.
func (x *examination) readers(ctx context.Context) int {
	if x.DB == nil {
		return 0
	}
	counts, _ := member.Open(x.DB).Count(ctx) // lookMembers says if that cannot be
	return counts.Mailable
}

// lookServerClock compares the machine's clock with that of a database server. A file
// has none.
func lookServerClock(ctx context.Context, x *examination) Findings {
	if x.DB == nil || !x.DB.IsServer() {
		return nil
	}
	before := x.Now()
	theirs, err := x.DB.Clock(ctx)
	if err != nil {
		return nil // lookDatabase says so
	}
	return Findings{compare(x.DB.Name(), theirs, before, x.Now())}
}
