package hit

// Origin says how a hit reached Klar.
type Origin uint8

// The origins.
const (
	OriginLog Origin = iota
	OriginBeacon
	OriginPixel
	OriginAPI
)

var originNames = [...]string{"log", "beacon", "pixel", "api"}

// String returns the origin's name as the Stats API shows it.
func (o Origin) String() string { return name(originNames[:], int(o)) }

// Kind says what was asked for.
type Kind uint8

// The kinds. Only KindPage and KindEvent count people. A KindEngagement is neither a request nor something that somebody
// did: it adds to how long and how far a page was read, and to nothing else. A KindSignal is a [Signal] alone.
const (
	KindPage       Kind = iota // a page shown to a person
	KindEvent                  // a custom event
	KindStatic                 // a style sheet, script, image, font, download …
	KindFeed                   // RSS, Atom, JSON feed
	KindAPI                    // a request that is neither page nor file: POST, XHR paths, JSON …
	KindRedirect               // answered 3xx but for 304
	KindError                  // answered 4xx or 5xx
	KindOther                  // HEAD, OPTIONS, robots.txt, well-known paths, malformed requests …
	KindEngagement             // a report of the tracker
	KindSignal                 // a sum of what a network did, which stands in Signal
)

var kindNames = [...]string{"page", "event", "static", "feed", "api", "redirect", "error", "other", "engagement", "signal"}

// String returns the kind's name as the Stats API shows it.
func (k Kind) String() string { return name(kindNames[:], int(k)) }

// Method is the request's method; unknown ones are MethodOther.
type Method uint8

// The methods of RFC 9110 and RFC 5789.
const (
	MethodOther Method = iota
	MethodGet
	MethodHead
	MethodPost
	MethodPut
	MethodDelete
	MethodConnect
	MethodOptions
	MethodTrace
	MethodPatch
)

var methodNames = [...]string{"OTHER", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}

// String returns the method in capitals, "OTHER" for one that is not in the RFCs.
func (m Method) String() string { return name(methodNames[:], int(m)) }

// MethodOf returns the method that b names, in capitals.
func MethodOf(b []byte) Method {
	for i, n := range methodNames[1:] {
		if string(b) == n {
			return Method(i + 1)
		}
	}
	return MethodOther
}

// Device is the class of the visitor's device.
type Device uint8

// The device classes.
const (
	DeviceUnknown Device = iota
	DeviceDesktop
	DeviceMobile
	DeviceTablet
	DeviceTV
	DeviceConsole
	DeviceWearable
	DeviceCar
)

var deviceNames = [...]string{"", "Desktop", "Mobile", "Tablet", "TV", "Console", "Wearable", "Car"}

// String returns the class as Plausible names it, empty if unknown.
func (d Device) String() string { return name(deviceNames[:], int(d)) }

// Channel is the acquisition channel of a visit, after the field's default channel groups.
type Channel uint8

// The channels.
const (
	ChannelDirect Channel = iota
	ChannelOrganicSearch
	ChannelOrganicSocial
	ChannelOrganicVideo
	ChannelOrganicShopping
	ChannelPaidSearch
	ChannelPaidSocial
	ChannelPaidVideo
	ChannelPaidShopping
	ChannelPaidOther
	ChannelDisplay
	ChannelEmail
	ChannelAffiliates
	ChannelReferral
	ChannelAudio
	ChannelSMS
	ChannelPush
	ChannelCrossNetwork
	ChannelAI
)

var channelNames = [...]string{
	"Direct", "Organic Search", "Organic Social", "Organic Video", "Organic Shopping", "Paid Search", "Paid Social",
	"Paid Video", "Paid Shopping", "Paid Other", "Display", "Email", "Affiliates", "Referral", "Audio", "SMS",
	"Mobile Push Notifications", "Cross-network", "AI Assistants",
}

// String returns the channel's name as the Stats API shows it.
func (c Channel) String() string { return name(channelNames[:], int(c)) }

func name(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return ""
}

// Country is a country's two letters after ISO 3166-1; zero if unknown.
type Country [2]byte

// NewCountry returns the country that s names by its two capital letters, and zero for anything else.
func NewCountry(s string) Country {
	if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
		return Country{}
	}
	return Country{s[0], s[1]}
}

// String returns the two letters, empty if unknown.
func (c Country) String() string {
	if c == (Country{}) {
		return ""
	}
	return string(c[:])
}
