package beacon

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// maxEvents bounds the events of one request.
const maxEvents = 1000

// parseEvents appends the events of a body to pages: one, or a list of them. An error in one refuses them all.
func parseEvents(pages []page, body []byte, server bool) (all []page, list bool, err error) {
	if !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
		pages = append(pages, page{})
		return pages, false, parseEvent(body, server, &pages[len(pages)-1])
	}
	var events []json.RawMessage
	if err := json.Unmarshal(body, &events); err != nil {
		return pages, true, explain(err)
	}
	if len(events) > maxEvents {
		return pages, true, fmt.Errorf("more than %d events", maxEvents)
	}
	for i, event := range events {
		pages = append(pages, page{})
		if err := parseEvent(event, server, &pages[len(pages)-1]); err != nil {
			return pages, true, fmt.Errorf("event %d: %w", i+1, err)
		}
	}
	return pages, true, nil
}

// outcome is what became of a list of events.
type outcome struct {
	Counted int       `json:"counted"`
	Dropped []dropped `json:"dropped"`
}

// dropped is an event that was not counted, by its place in the list, from 1.
type dropped struct {
	Event  int    `json:"event"`
	Reason Reason `json:"reason"`
}

// answerList says what became of a list of events.
func answerList(w http.ResponseWriter, reasons []Reason) {
	o := outcome{Dropped: []dropped{}}
	for i, reason := range reasons {
		if reason == Counted {
			o.Counted++
		} else {
			o.Dropped = append(o.Dropped, dropped{i + 1, reason})
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(o) // the sender has gone: nobody to tell
}
