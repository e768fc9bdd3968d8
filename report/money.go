package report

import (
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"
)

// Money is an exact amount. It encodes itself as Plausible does: value, currency, and two texts for people.
type Money struct {
	Value    decimal.Decimal
	Currency string // three letters of ISO 4217
}

// symbols are those of currencies that everybody knows; others stand before the amount by their letters.
var symbols = map[string]string{
	"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩", "BRL": "R$", "CAD": "CA$",
	"AUD": "A$", "NZD": "NZ$", "MXN": "MX$", "ILS": "₪", "VND": "₫", "PHP": "₱",
}

// decimals of the currencies that do not have two.
var decimals = map[string]int32{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "VND": 0,
	"VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// MarshalJSON encodes the value as a number and exactly.
func (m Money) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Currency string      `json:"currency"`
		Value    json.Number `json:"value"`
		Short    string      `json:"short"`
		Long     string      `json:"long"`
	}{m.Currency, json.Number(m.Value.String()), m.short(), m.String()})
}

// String returns the amount in whole for people, "€1,234.50".
func (m Money) String() string {
	places, ok := decimals[m.Currency]
	if !ok {
		places = 2
	}
	whole, rest, _ := strings.Cut(m.Value.Abs().StringFixed(places), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	return m.sign() + whole
}

// short returns the amount in a few characters, "€1.2K".
func (m Money) short() string {
	value := m.Value.Abs()
	for _, unit := range []struct {
		power int32
		name  string
	}{{12, "T"}, {9, "B"}, {6, "M"}, {3, "K"}} {
		if !value.LessThan(decimal.New(1, unit.power)) {
			return m.sign() + value.Shift(-unit.power).Truncate(1).String() + unit.name
		}
	}
	return m.String()
}

// sign returns what stands before the amount.
func (m Money) sign() string {
	symbol, ok := symbols[m.Currency]
	if !ok {
		symbol = m.Currency + "\u00a0"
	}
	if m.Value.IsNegative() {
		return "-" + symbol
	}
	return symbol
}
