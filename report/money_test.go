package report

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
)

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, currency, want string }{
		{"1234.5", "EUR", `{"currency":"EUR","value":1234.5,"short":"€1.2K","long":"€1,234.50"}`},
		{"0.0001", "USD", `{"currency":"USD","value":0.0001,"short":"$0.00","long":"$0.00"}`},
		{"-999999.995", "USD", `{"currency":"USD","value":-999999.995,"short":"-$999.9K","long":"-$1,000,000.00"}`},
		{"1000000", "JPY", `{"currency":"JPY","value":1000000,"short":"¥1M","long":"¥1,000,000"}`},
		{"12345678901234567890.1234", "CHF", `{"currency":"CHF","value":12345678901234567890.1234,"short":"CHF 12345678.9T","long":"CHF 12,345,678,901,234,567,890.12"}`},
		{"7.1", "KWD", `{"currency":"KWD","value":7.1,"short":"KWD 7.100","long":"KWD 7.100"}`},
	} {
		got, err := json.Marshal(Money{decimal.RequireFromString(c.value), c.currency})
		if err != nil || string(got) != c.want {
			t.Errorf("%s %s: %v\n%s, want\n%s", c.value, c.currency, err, got, c.want)
		}
	}
}
