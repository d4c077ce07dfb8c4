package dispatch_test

import (
	"time"

	"kaiho/generator/ledger"
)

// sums are what a series of kills came to.
type sums struct {
	accepted, duplicates     int // recipients, and letters that came once more
	repeated                 int // recipients of whom the ledger says that they may have it twice
	unknown, failed, missing int
}

// compare holds the ledger against what the relay took.
func (c *crash) compare() {
	taken, refused := c.sink.letters(), c.sink.refused // nobody writes there any more
	for row, err := range c.ledger.Rows(c.t.Context(), issue, ledger.Filter{}) {
		if err != nil {
			c.t.Fatal(err)
		}
		letters := taken[row.Address]
		n := len(letters)
		if n > 0 {
			c.accepted++
			c.duplicates += n - 1
		}
		switch row.State {
		case ledger.Sent:
			if n == 0 {
				c.t.Errorf("%s is sent, and has no letter", row.Address)
			}
		case ledger.Failed:
			c.failed++
			if !refused[row.Address] || c.policy == ledger.Hold && n > 0 {
				c.t.Errorf("%s has failed (%s) and has %d letters; refused for good: %v", row.Address, row.Reason, n, refused[row.Address])
			}
		case ledger.Unknown:
			c.unknown++
			if c.policy == ledger.Resend {
				c.t.Errorf("%s is unknown, want it sent again", row.Address)
			}
		default:
			c.t.Errorf("%s is %v at the end", row.Address, row.State)
		}
		if n == 0 && row.State != ledger.Failed && row.State != ledger.Unknown {
			c.missing++
		}
		c.compareLetters(row, letters)
		delete(taken, row.Address)
	}
	for to := range taken {
		c.t.Errorf("%s has letters, and is in no row", to)
	}
	c.compareReports()
}

// compareLetters looks at those of one recipient: no more than the ledger tells of, and
// all the same.
func (c *crash) compareLetters(row ledger.Delivery, letters []string) {
	if len(letters) > 1+row.Repeats || c.policy == ledger.Hold && row.Repeats > 0 {
		c.t.Errorf("%s has %d letters, and the ledger tells of %d repeated", row.Address, len(letters), row.Repeats)
	}
	for _, again := range letters {
		if again != letters[0] {
			c.t.Errorf("%s: got two letters\n%s\n%s", row.Address, letters[0], again)
		}
	}
}

// compareReports holds the reports against the rows.
func (c *crash) compareReports() {
	n := counts(c.t, c.ledger)
	listed, err := c.ledger.Unknowns(c.t.Context(), issue)
	if err != nil {
		c.t.Fatal(err)
	}
	if n.Candidates != int64(c.recipients) || len(listed) != c.unknown || n.Unknown != int64(c.unknown) || n.Failed != int64(c.failed) {
		c.t.Errorf("got %+v and %d listed, want %d unknown, %d failed of %d", n, len(listed), c.unknown, c.failed, c.recipients)
	}
	if most := c.killed*windows + c.sink.cut; c.unknown > most {
		c.t.Errorf("got %d unknown, want at most %d for %d kills and %d connections that were cut", c.unknown, most, c.killed, c.sink.cut)
	}
	c.repeated = int(n.Repeats)
}

// tell writes a line of the table that .ci/crash prints.
func (c *crash) tell(database string, took time.Duration) {
	c.t.Logf("| %s | %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.1f s |", c.policy, database, len(c.senders), c.recipients, c.killed, c.flying, c.behind,
		c.most, c.accepted, c.duplicates, c.repeated, c.unknown, c.failed, c.missing, took.Seconds())
}
