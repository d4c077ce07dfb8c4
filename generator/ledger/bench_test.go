package ledger_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store/storetest"
)

var databases = []struct {
	name string
	url  func(testing.TB) string
}{{"SQLite", storetest.SQLite}, {"Postgres", storetest.Postgres}}

// BenchmarkIssue takes an issue of a million letters through the ledger once: queued,
// claimed and settled by two hundreds, and reported. The time of claims is measured
// where the first, the middle and the last rows are claimed. LEDGER_ROWS makes it smaller.
func BenchmarkIssue(b *testing.B) {
	n := 1_000_000
	if given, err := strconv.Atoi(os.Getenv("LEDGER_ROWS")); err == nil {
		n = given
	}
	for _, database := range databases {
		b.Run(fmt.Sprintf("database=%s/rows=%d", database.name, n), func(b *testing.B) {
			l := ledger.Open(storetest.Open(b, database.url(b)))
			for b.Loop() {
				whole(b, l, n)
			}
			b.ReportMetric(peakMB(), "MB-peak")
		})
	}
}

func whole(b *testing.B, l *ledger.Ledger, n int) {
	since := time.Now()
	lap := func(what string, per int) {
		b.ReportMetric(float64(per)/time.Since(since).Seconds(), what)
		since = time.Now()
	}
	queue(b, l, n)
	lap("queued/s", n)
	w := ledger.NewWorker("a", 1)
	const lot = 200
	var first, middle, last []time.Duration
	for done := 0; done < n; done += lot {
		at := time.Now()
		rows := claim(b, l, w, lot, day())
		took := time.Since(at)
		switch {
		case done < n/20:
			first = append(first, took)
		case n/2 <= done && done < n/2+n/20:
			middle = append(middle, took)
		case done >= n-n/20-lot && done < n-lot: // the very last one looks everywhere
			last = append(last, took)
		}
		mark(b, l, w, rows...)
		var outcomes []ledger.Outcome
		for _, d := range rows {
			outcomes = append(outcomes, ledger.Outcome{Lease: d.Lease, State: ledger.Sent, Code: 250, Reply: "2.0.0 Ok: queued as 4F1B2C3D4E", At: day()})
		}
		if refused, err := l.Settle(b.Context(), w, outcomes); err != nil || len(refused) > 0 {
			b.Fatal(refused, err)
		}
	}
	lap("sent/s", n)
	b.ReportMetric(median(first), "ms-claim-first")
	b.ReportMetric(median(middle), "ms-claim-middle")
	b.ReportMetric(median(last), "ms-claim-last")
	if got := counts(b, l); got.Sent != int64(n) {
		b.Fatalf("got %+v, want all sent", got)
	}
	b.ReportMetric(float64(time.Since(since).Milliseconds()), "ms-counts")
	since = time.Now()
	for _, err := range l.Rows(b.Context(), issue, ledger.Filter{}) {
		if err != nil {
			b.Fatal(err)
		}
	}
	lap("reported/s", n)
	at := time.Now()
	if _, err := l.Recover(b.Context(), day(), w, never); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(at).Microseconds())/1000, "ms-recover")
}

// median is that of times, in milliseconds.
func median(times []time.Duration) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return float64(sorted[len(sorted)/2].Microseconds()) / 1000
}

// peakMB is the most memory that the process ever had, as the system counts it.
func peakMB() float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.Sys) / 1e6
	}
	_, after, _ := strings.Cut(string(data), "VmHWM:")
	kB, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		return 0
	}
	return float64(kB) / 1000
}
