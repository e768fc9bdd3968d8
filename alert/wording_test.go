package alert

import (
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/report"
)

// TestMessagesAreInGermanWhereTheyAreWished tells of a network, of a figure and of their end, and keeps the words that
// programs know.
func TestMessagesAreInGermanWhereTheyAreWished(t *testing.T) {
	b := NewBoard(nil, nil)
	german := Telling{German: true}
	told := func(at time.Time, title, text string) {
		t.Helper()
		messages := b.messages(at, german)
		if len(messages) != 1 || messages[0].Title != title || messages[0].Text != text {
			t.Errorf("%q, want one with the title %q and the text %q", messages, title, text)
			return
		}
		if data := string(messages[0].Payload); !strings.Contains(data, `"status":"firing"`) && !strings.Contains(data, `"status":"resolved"`) {
			t.Errorf("programs get %s", data)
		}
	}
	e := scan("192.0.2.0/24", noon)
	e.Description = Text{English: "one network asks", German: "ein Netz fragt"}
	b.Raise(e)
	since := noon.UTC().Format("02.01.2006, 15:04 UTC")
	told(noon, "[Warnung] klar/http-scan: 192.0.2.0/24 auf example.org", "klar/http-scan: ein Netz fragt.\n\n- 192.0.2.0/24, seit "+since+"\n")
	told(noon.Add(time.Hour), "[vorbei] klar/http-scan auf example.org", "klar/http-scan ist vorbei.\n")

	later := noon.Add(2 * time.Hour)
	b.Raise(Event{Rule: "klar/volume-high", Severity: "critical", Site: "example.org", Time: later, Description: Text{English: "said in English only"},
		Figures: &report.Figures{Series: "country:DE", Value: 120, Low: 0.25, High: 9}})
	since = later.UTC().Format("02.01.2006, 15:04 UTC")
	unusual := "Anfragen aus DE: 120, erwartet sind 0,25 bis 9"
	told(later, "[kritisch] klar/volume-high: "+unusual+" auf example.org", "klar/volume-high: said in English only.\n\n- "+unusual+", seit "+since+"\n")
}
