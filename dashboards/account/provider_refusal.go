package account

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/oauth2"
)

// Returned is what somebody comes back from a provider with: a code, or why there is none.
type Returned struct{ State, Code, Error string }

// ErrDenied says that somebody did not sign in at the provider, or that it does not let them.
var ErrDenied = errors.New("nobody was signed in at the provider")

// refusals are the words by which a provider says why (RFC 6749, sections 4.1.2.1 and 5.2; OpenID Connect Core 1.0, section
// 3.1.2.6). Others, and what it says beside them, could be of the user, and are told to nobody.
var refusals = []string{
	"access_denied", "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "server_error",
	"temporarily_unavailable", "invalid_client", "invalid_grant", "unsupported_grant_type", "interaction_required", "login_required",
	"account_selection_required", "consent_required", "invalid_request_uri", "invalid_request_object", "request_not_supported",
	"request_uri_not_supported", "registration_not_supported",
}

// refusal returns the error for a word that came back instead of a code.
func refusal(word string) error {
	if word == "access_denied" {
		return ErrDenied
	}
	return fmt.Errorf("%w: it refuses to sign in%s", ErrProvider, named(word))
}

// refusedCode returns the error for a code that was not exchanged.
func refusedCode(err error) error {
	answer := (*oauth2.RetrieveError)(nil)
	if !errors.As(err, &answer) {
		return fmt.Errorf("%w: it cannot be asked about the code", ErrProvider) // the cause could have the code in its address
	}
	hint := ""
	if answer.ErrorCode == "invalid_client" || answer.ErrorCode == "unauthorized_client" {
		hint = "; look at client_id and client_secret_file"
	}
	return fmt.Errorf("%w: the code was refused%s%s", ErrProvider, named(answer.ErrorCode), hint)
}

func named(word string) string {
	if slices.Contains(refusals, word) {
		return " (" + word + ")"
	}
	return ""
}
