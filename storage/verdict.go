package storage

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
)

// verdict is what an insert's error means for its block.
type verdict int

const (
	// away: the store cannot take it now. The insert is tried again, for ever. Everything that is not one of the others
	// is this: connections, timeouts, memory, too many parts, a table that is read-only, a user who may not write.
	away verdict = iota
	// refused: the store does not take this block, whatever the time. After refusals in a row it is set aside.
	refused
	// misled: the store takes no block at all until somebody changes something. While nobody is there, that is away.
	misled
	// noRoom: the store's disk is full. While nobody is there, that is away.
	noRoom
)

// refusedCodes are ClickHouse's errors that are about the rows or how they fit their table.
var refusedCodes = []proto.Error{
	proto.ErrCannotParseText, proto.ErrIncorrectNumberOfColumns, proto.ErrThereIsNoColumn, proto.ErrSizesOfColumnsDoesntMatch,
	proto.ErrNotFoundColumnInBlock, proto.ErrNoSuchColumnInTable, proto.ErrNumberOfColumnsDoesntMatch,
	proto.ErrCannotParseInputAssertionFailed, proto.ErrCannotReadAllData, proto.ErrIllegalTypeOfArgument, proto.ErrIllegalColumn,
	proto.ErrUnknownIdentifier, proto.ErrLogicalError, proto.ErrUnknownType, proto.ErrTypeMismatch, proto.ErrSyntaxError,
	proto.ErrArgumentOutOfBound, proto.ErrCannotConvertType, proto.ErrCannotParseNumber, proto.ErrIncorrectData,
	proto.ErrTooLargeArraySize, proto.ErrTooLargeStringSize, proto.ErrTooManyRows, proto.ErrTooManyColumns,
	proto.ErrSizesOfArraysDontMatch, proto.ErrTooManyBytes, proto.ErrCannotInsertNullInOrdinaryColumn, proto.ErrDecimalOverflow,
	proto.ErrViolatedConstraint,
}

// misledCodes are about the configuration of the store or of Klar.
var misledCodes = []proto.Error{
	proto.ErrUnknownTable, proto.ErrUnknownDatabase, proto.ErrUnknownSetting, proto.ErrReadonly, proto.Error(codeNoAccess),
	proto.Error(codeAuthentication),
}

// refusals is how often in a row a block is refused before it is set aside: a connection that was cut can make a whole
// block look like half of one.
const refusals = 5

// judge says what an insert's error means.
func judge(err error) verdict {
	var e *clickhouse.Exception
	var answer *clickhouse.HTTPError
	switch {
	case errors.As(err, &e) && e.Code != 0:
	case errors.As(err, &answer) && answer.StatusCode == http.StatusRequestEntityTooLarge: // of a proxy before the store
		return refused
	default:
		return away
	}
	switch code := proto.Error(e.Code); {
	case e.Code == codeNoSpace || strings.Contains(e.Message, "No space left on device"):
		return noRoom
	case slices.Contains(refusedCodes, code):
		return refused
	case slices.Contains(misledCodes, code):
		return misled
	}
	return away
}
