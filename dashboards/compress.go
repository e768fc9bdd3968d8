package dashboards

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressing sends JSON, CSV and text compressed to who takes that, once there is a packet's worth of it. Parquet is
// compressed in itself, and the assets of the page once and for all.
//
// Who can have a victim's browser ask for something, and sees how long the answers are, could guess a secret that stands in
// a compressed answer beside what was asked for (BREACH). So [compressible] leaves out the answers that tell a secret: a
// token, a link, a pass. Sessions are in cookies, which are headers, and no answer has a token against forged requests,
// for none is needed. What is left are figures, whose questions other sites cannot send with the cookie (SameSite=Lax,
// [http.CrossOriginProtection]): only a GET as a whole page brings it, and what answers one is either figures or, in a
// refusal, what was asked.
var compressing = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes([]string{"application/json", "text/csv", "text/plain"}))
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap
}()

// compressible reports whether an endpoint's answers may be compressed: those that read. What changes something answers
// little, and sometimes a secret. Each event of the tail has to go out at once.
func compressible(e endpoint) bool {
	return e.route != "tail" && (e.method == http.MethodGet || e.route == "query")
}
