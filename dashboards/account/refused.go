package account

import (
	"errors"
	"fmt"
	"time"
)

// Refused says why something that was asked for is not done, and which of its fields is at fault.
type Refused struct{ Field, Reason string }

// Error names the field and says what is wrong with it.
func (r *Refused) Error() string {
	if r.Field == "" {
		return r.Reason
	}
	return r.Field + " " + r.Reason
}

func refuse(field, format string, args ...any) error {
	return &Refused{Field: field, Reason: fmt.Sprintf(format, args...)}
}

var (
	// ErrUnknown says that what was asked for does not exist.
	ErrUnknown = errors.New("there is none of this name")
	// ErrWrong says that a name or its password is wrong, and not which.
	ErrWrong = errors.New("the name or the password is wrong")
	// ErrFixed says that the configuration file has it, where alone it can be changed.
	ErrFixed = errors.New("this user stands in the configuration file; change it there")
	// ErrPassword says that a shared link needs a password, and that the one that came is not it.
	ErrPassword = errors.New("the password of the link is wrong")
)

// TooManyError says that too many passwords were wrong, and how long to wait.
type TooManyError struct{ Wait time.Duration }

// Error says so to people.
func (e *TooManyError) Error() string { return "too many attempts failed; try again later" }
