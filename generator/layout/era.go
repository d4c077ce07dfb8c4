package layout

import (
	"strconv"
	"time"
)

// era is an era of the Japanese calendar with its first day.
type era struct {
	name             string
	year, month, day int
}

// eras are those that dates may carry, the latest first. Days before 1873 were
// counted by another calendar (太政官布告第337号), and have none here.
var eras = []era{{"令和", 2019, 5, 1}, {"平成", 1989, 1, 8}, {"昭和", 1926, 12, 25}, {"大正", 1912, 7, 30}, {"明治", 1873, 1, 1}}

// meijiYears is how many years 明治 had before the first that is counted here.
const meijiYears = 5

// eraYear writes the year of the era in brackets, for sites that want it: （令和8年）.
func (w words) eraYear(t time.Time) string {
	if !w.era {
		return ""
	}
	for i, e := range eras {
		year, month, day := t.Date()
		if year < e.year || year == e.year && (int(month) < e.month || int(month) == e.month && day < e.day) {
			continue
		}
		n := year - e.year + 1
		if i == len(eras)-1 {
			n += meijiYears
		}
		if n == 1 {
			return "（" + e.name + "元年）"
		}
		return "（" + e.name + strconv.Itoa(n) + "年）"
	}
	return ""
}
