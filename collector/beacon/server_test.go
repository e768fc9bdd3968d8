package beacon_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/collector/beacon"
)

const token = "a-token-of-the-tests"

// TestServersSpeakForTheirVisitors sends events with a token.
func TestServersSpeakForTheirVisitors(t *testing.T) {
	t.Parallel()
	const visitor = `{"n":"Order","u":"https://x.org/","d":"x.org","ip":"198.51.100.1","user_agent":"B","language":"fr","gpc":true}`
	for name, test := range map[string]struct {
		body    string
		headers []string
		want    string
	}{
		"in the event": {visitor, []string{"X-Forwarded-For: 192.0.2.1", "User-Agent: A", "Sec-Purpose: prefetch"},
			"site=x.org event=Order host=x.org target=/ addr=198.51.100.1 agent=B language=fr interactive= gpc= origin=api"},
		"in the headers, through a proxy": {view, []string{"X-Forwarded-For: 192.0.2.1, 10.0.0.1", "User-Agent: A", "DNT: 1"},
			"site=x.org host=x.org target=/ addr=192.0.2.1 agent=A interactive= dnt= origin=api"},
		"not at all": {view, nil, "site=x.org host=x.org target=/ addr=203.0.113.7:4711 interactive= origin=api"},
	} {
		var sink fake
		h := start(t, &sink)
		h.SetTokens([]string{"another-token-of-the-tests", token})
		w := ask(h, "POST", "/api/event", test.body, append(test.headers, "Authorization: bearer "+token)...)
		if d := cmp.Diff([]string{test.want}, sink.added); w.Code != http.StatusAccepted || d != "" {
			t.Errorf("%s: answered %d: %s", name, w.Code, d)
		}
	}
}

func TestTokensOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	var sink fake
	h := start(t, &sink)
	send := func(authorization string) int {
		return ask(h, "POST", "/api/event", view, "Authorization: "+authorization).Code
	}
	if got := send("Bearer " + token); got != http.StatusUnauthorized {
		t.Errorf("without tokens answered %d", got)
	}
	h.SetTokens([]string{token})
	for authorization, want := range map[string]int{
		"Bearer " + token: 202, "Bearer " + token + "x": 401, "Bearer " + token[1:]: 401, "Bearer": 401, "Basic " + token: 202, "Bearer  ": 401,
	} {
		if got := send(authorization); got != want {
			t.Errorf("%q is answered with %d, want %d", authorization, got, want)
		}
	}
	h.SetTokens(nil)
	if got := send("Bearer " + token); got != http.StatusUnauthorized {
		t.Errorf("a token that was taken away is answered with %d", got)
	}
	for _, bad := range []string{"", "short", "with a space in between", "umlauts-\u00e4\u00f6\u00fc-in-between"} {
		if beacon.CheckToken(bad) == nil {
			t.Errorf("%q can be a token", bad)
		}
	}
}

// TestListsAreKeptTogether sends a list of which some are dropped, and wants one fsync.
func TestListsAreKeptTogether(t *testing.T) {
	t.Parallel()
	var sink fake
	h := start(t, &sink)
	w := ask(h, "POST", "/api/event", ` [`+view+`,{"n":"a","u":"https://x.org/b","d":"dropped.org"},`+view+`]`)
	const want = `{"counted":2,"dropped":[{"event":2,"reason":"unknown site"}]}`
	if w.Code != http.StatusAccepted || w.Body.String() != want+"\n" {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	if len(sink.added) != 2 || sink.committed != 2 || sink.syncs != 1 {
		t.Errorf("%d added, %d committed, %d fsyncs", len(sink.added), sink.committed, sink.syncs)
	}
	if w := ask(h, "POST", "/api/event", `[]`); w.Code != http.StatusAccepted || w.Body.String() != `{"counted":0,"dropped":[]}`+"\n" {
		t.Errorf("nothing is answered with %d %s", w.Code, w.Body)
	}
}

// TestChangesWaitForWhatWasAdded wants a change of the sink to come after what was added is committed.
func TestChangesWaitForWhatWasAdded(t *testing.T) {
	t.Parallel()
	var sink fake
	h := start(t, &sink)
	if w := ask(h, "POST", "/api/event", view); w.Code != http.StatusAccepted {
		t.Fatal("the event is not taken in")
	}
	err := h.Between(func() error {
		if sink.committed != len(sink.added) {
			t.Errorf("%d added, %d committed", len(sink.added), sink.committed)
		}
		return errDrop
	})
	if err != errDrop { //nolint:errorlint // the very same
		t.Errorf("between: %v", err)
	}
}
