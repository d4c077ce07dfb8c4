package member

import (
	"context"
	"fmt"

	"kaiho/generator/store"
)

// Counts says how many people there are for letters.
type Counts struct {
	Mailable int // as Member.Mailable says
	Silent   int // active, but there is no consent to mail, or it was taken back
}

// Count counts people without reading them.
func (b *Book) Count(ctx context.Context) (c Counts, err error) {
	const agreed = `coalesce((SELECT c.given FROM consent c WHERE c.member = m.id AND c.purpose = '` + Newsletter + `' ORDER BY c.number DESC LIMIT 1), 0)`
	const subscribed = `coalesce((SELECT s.subscribed FROM subscription s WHERE s.member = m.id AND s.list = 0 ORDER BY s.number DESC LIMIT 1), 1)`
	err = b.db.View(ctx, func(tx *store.Tx) error {
		return tx.Scan(ctx, `SELECT coalesce(sum(agreed * subscribed), 0), coalesce(sum(1 - agreed), 0) FROM
			(SELECT `+agreed+` AS agreed, `+subscribed+` AS subscribed FROM member m WHERE m.status = '`+Active+`') people`,
			nil, &c.Mailable, &c.Silent)
	})
	if err != nil {
		return Counts{}, fmt.Errorf("count members: %w", err)
	}
	return c, nil
}
