package beacon

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPropertiesAndRevenue(t *testing.T) {
	t.Parallel()
	many := ""
	for i := range 40 {
		many += fmt.Sprintf(`"p%02d":1,`, i)
	}
	for _, c := range []struct {
		body    string
		props   int
		first   property
		revenue revenue
	}{
		{`"props":{"plan":"pro","n":1.50,"b":true,"o":{},"l":[],"z":null,"e":""}`, 3, property{"b", "true"}, revenue{}},
		{`"p":"{\"plan\":\"pro\"}"`, 1, property{"plan", "pro"}, revenue{}},
		{`"props":{` + strings.TrimSuffix(many, ",") + `}`, 30, property{"p00", "1"}, revenue{}},
		{`"props":{"a":"` + strings.Repeat("x", 2001) + `"}`, 0, property{}, revenue{}},
		{`"props":7`, 0, property{}, revenue{}},
		{`"revenue":{"currency":"EUR","amount":10.29}`, 0, property{}, revenue{"10.29", "EUR"}},
		{`"$":{"currency":"EUR","amount":"10.29"}`, 0, property{}, revenue{"10.29", "EUR"}},
		{`"$":"{\"currency\":\"EUR\",\"amount\":7}"`, 0, property{}, revenue{"7", "EUR"}},
		{`"revenue":{"currency":"EUR"}`, 0, property{}, revenue{}},
		{`"revenue":{"currency":7,"amount":7}`, 0, property{}, revenue{}},
	} {
		var p page
		if err := parseEvent([]byte(`{"n":"Order","u":"https://x.org/","d":"x.org",`+c.body+`}`), false, &p); err != nil {
			t.Errorf("%s: %v", c.body, err)
			continue
		}
		var first property
		if len(p.props) > 0 {
			first = p.props[0]
		}
		if len(p.props) != c.props || first != c.first || p.revenue != c.revenue {
			t.Errorf("%.60s: %d properties, the first %+v, revenue %+v; want %s", c.body, len(p.props), first, p.revenue,
				cmp.Diff(c.revenue, p.revenue, cmp.AllowUnexported(revenue{})))
		}
	}
}
