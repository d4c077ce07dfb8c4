package ledger

// PID is the process of a worker.
func PID(w Worker) int {
	_, pid, _ := w.process()
	return pid
}

// Statements are those that are run all the time, with n rows each.
func Statements(n int) map[string]string {
	table := func(columns []string) string {
		v := newValues(columns...)
		v.args = make([]any, n*len(columns))
		return v.with()
	}
	return map[string]string{
		"claim":             claimSQL(n, 0, ""),
		"claim with pauses": claimSQL(n, 8, ""),
		"mark":              table(markColumns) + markSQL,
		"settle":            table(outcomeColumns) + settleSQL,
		"release":           table(leaseColumns) + released + own + `AND state = 1`,
		"in hand":           inHandSQL,
		"sent":              sentSQL,
		"perhaps":           perhapsSQL,
	}
}

// MaxRows is the most that one of them has, but claims.
const MaxRows = maxRows
