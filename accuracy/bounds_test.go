package accuracy

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/report"
)

// metricsPage states the errors, and so holds their bounds. What has no row there is exact.
const metricsPage = "../docs/metrics.md"

// boundRow is a row of its table: metric, class, bound or "by design", and what was measured of the generated logs and of
// the real one.
var boundRow = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| ([^|]+?) \\| (?:([0-9.]+) %|by design) \\| [^|]+ \\| [^|]+ \\|$")

// figure is a metric and the class of its error.
type figure struct {
	metric report.Metric
	class  string
}

func (f figure) String() string { return fmt.Sprintf("%s by %s", f.metric, f.class) }

// bounds reads from the documentation how many percent each figure may be off; less than 0 is no bound.
func bounds(t testing.TB) map[figure]float64 {
	t.Helper()
	page, err := os.ReadFile(metricsPage)
	if err != nil {
		t.Fatal(err)
	}
	list := map[figure]float64{}
	for _, m := range boundRow.FindAllStringSubmatch(string(page), -1) {
		f := figure{report.Metric(m[1]), strings.ReplaceAll(m[2], "`", "")}
		if _, twice := list[f]; twice {
			t.Errorf("%s states the error of %s twice", metricsPage, f)
		}
		if list[f] = -1; m[3] != "" {
			list[f], _ = strconv.ParseFloat(m[3], 64)
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s has no table of errors", metricsPage)
	}
	return list
}

// measured are the errors in percent of the generated logs and of the real one.
type measured map[figure][2]float64

// write puts what was measured into the documentation.
func (m measured) write(t testing.TB) {
	t.Helper()
	page, err := os.ReadFile(metricsPage)
	if err != nil {
		t.Fatal(err)
	}
	text := boundRow.ReplaceAllStringFunc(string(page), func(row string) string {
		cells := strings.Split(row, " | ")
		f := figure{report.Metric(strings.Trim(cells[0], "| `")), cells[1]}
		return fmt.Sprintf("%s | %.2f %% | %.2f %% |", strings.Join(cells[:3], " | "), m[f][0], m[f][1])
	})
	if err := os.WriteFile(metricsPage, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
