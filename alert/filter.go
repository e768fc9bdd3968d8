package alert

import (
	"errors"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"github.com/klar-analytics/klar/hit"
)

// shape is all that a filter can ask of a request. There are few of them, so that a filter is asked once for each.
type shape struct {
	status uint16
	method hit.Method
	kind   hit.Kind
	login  hit.Login
	threat hit.Threat
	series bool
	sure   bool
	bot    bool
}

func shapeOf(o *hit.Observation) shape {
	return shape{o.Status, o.Method, o.Kind, o.Login, o.Threat, o.Series != 0, o.Certain, o.Bot}
}

// looking is the shape of what somebody who looks at a page asks for.
func looking(kind hit.Kind) shape { return shape{status: 200, method: hit.MethodGet, kind: kind} }

// fields are the names of a filter's fields.
type fields struct {
	Status  int    `expr:"status"`  // of the answer, 0 if unknown
	Method  string `expr:"method"`  // in capitals, OTHER for one that is not in the RFCs
	Kind    string `expr:"kind"`    // what was asked for: page, static, feed, api or other; event for a beacon
	Login   string `expr:"login"`   // form or wordpress for what tries to sign in
	Threat  string `expr:"threat"`  // the class of the attack, empty for none
	Series  bool   `expr:"series"`  // the target ends in a number
	Certain bool   `expr:"certain"` // no ordinary client sends such an attack
	Bot     bool   `expr:"bot"`
}

func (s shape) fields() fields {
	return fields{
		Status: int(s.status), Method: s.method.String(), Kind: s.kind.String(), Login: s.login.String(),
		Threat: s.threat.String(), Series: s.series, Certain: s.sure, Bot: s.bot,
	}
}

// maxNodes bounds how long an expression may be.
const maxNodes = 500

// compileFilter returns the program of an expression, which knows the fields and the operators and no function.
func compileFilter(text string) (*vm.Program, error) {
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("is empty: it says which requests the rule is about, such as status == 404")
	}
	program, err := expr.Compile(text, expr.Env(fields{}), expr.AsBool(), expr.DisableAllBuiltins(), expr.MaxNodes(maxNodes))
	if err != nil { // in several lines, of which the first says all
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, errors.New(first)
	}
	return program, nil
}

// holds reports whether the expression is true; one that cannot be worked out is not.
func holds(program *vm.Program, s shape) bool {
	out, err := expr.Run(program, s.fields())
	yes, _ := out.(bool)
	return err == nil && yes
}
