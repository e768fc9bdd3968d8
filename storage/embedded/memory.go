package embedded

import (
	"errors"
	"unsafe"
)

// pointer turns an address in C memory into a pointer. The memory does not belong to Go and does not move,
// so the usual worry about uintptr does not apply; the detour keeps vet's check for the cases where it does.
func pointer(address uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&address))
}

// cString copies a string for C.
func cString(s string) *byte {
	b := make([]byte, len(s)+1)
	copy(b, s)
	return &b[0]
}

// goString copies a string of C; nil is "".
func goString(address uintptr) string {
	if address == 0 {
		return ""
	}
	start := (*byte)(pointer(address))
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(start), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(start, n))
}

// result is a result in C memory, to be freed.
type result struct {
	lib    *library
	handle uintptr
}

// result checks what libchdb returned for its error. On an error nothing is left to free.
func (lib *library) result(handle uintptr) (result, error) {
	if handle == 0 {
		return result{}, errors.New("libchdb gave no answer")
	}
	if err := lib.errorOf(handle); err != nil {
		lib.resultDestroy(handle)
		return result{}, err
	}
	return result{lib: lib, handle: handle}, nil
}

func (lib *library) errorOf(handle uintptr) error {
	if text := goString(lib.resultError(handle)); text != "" {
		return newException(text)
	}
	return nil
}

// data is valid until free.
func (r result) data() []byte {
	if r.handle == 0 {
		return nil
	}
	size := r.lib.resultLength(r.handle)
	if size == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(r.lib.resultBuffer(r.handle))), size)
}

func (r result) free() {
	if r.handle != 0 {
		r.lib.resultDestroy(r.handle)
	}
}

// parameters holds query parameters in the shape libchdb takes them: parallel arrays of pointers and lengths.
type parameters struct {
	nameData, valueData []*byte
	nameSize, valueSize []uintptr
}

func newParameters(list []parameter) *parameters {
	p := &parameters{}
	for _, param := range list {
		p.nameData, p.nameSize = append(p.nameData, cString(param.name)), append(p.nameSize, uintptr(len(param.name)))
		p.valueData, p.valueSize = append(p.valueData, cString(param.value)), append(p.valueSize, uintptr(len(param.value)))
	}
	return p
}

func (p *parameters) names() **byte       { return unsafe.SliceData(p.nameData) }
func (p *parameters) values() **byte      { return unsafe.SliceData(p.valueData) }
func (p *parameters) nameLens() *uintptr  { return unsafe.SliceData(p.nameSize) }
func (p *parameters) valueLens() *uintptr { return unsafe.SliceData(p.valueSize) }
func (p *parameters) count() uintptr      { return uintptr(len(p.nameData)) }
