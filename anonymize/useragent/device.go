package useragent

import "github.com/klar-analytics/klar/hit"

// deviceOf returns the class of device that t, a folded agent on the given system, comes from.
func deviceOf(t []byte, os hit.OS) hit.Device {
	switch os.String() {
	case "":
		if hasAny(t, "midp", "j2me", "mobile", "up.browser", "obigo", "phone", "opera mini", "ucweb") {
			return hit.DeviceMobile
		}
		return hit.DeviceUnknown
	case nameXbox, namePlayStation, nameNintendo:
		return hit.DeviceConsole
	case "watchOS":
		return hit.DeviceWearable
	case nameTVOS, "Roku OS", "NetCast", "Google TV":
		return hit.DeviceTV
	case nameWindowsPhone, "Windows Mobile", "KaiOS", "Symbian", "Nokia Series 40", "Bada":
		return hit.DeviceMobile
	case nameIPadOS, "BlackBerry Tablet OS", "Kindle":
		return hit.DeviceTablet
	case nameIOS:
		if has(t, "ipad") {
			return hit.DeviceTablet
		}
		return hit.DeviceMobile
	}
	return special(t, os)
}

// special looks for the devices that run a system made for others.
func special(t []byte, os hit.OS) hit.Device {
	switch {
	case hasAny(t, "qtcarbrowser", " tesla/", "automotive"):
		return hit.DeviceCar
	case hasAny(t, "oculusbrowser", "; quest", "watch;", " watch ", "wear os", "; glass "):
		return hit.DeviceWearable
	case hasAny(t, "smart-tv", "smarttv", "smart tv", "hbbtv", "android tv", "androidtv", "crkey", "bravia", "viera", "large screen", "opera tv", "; aft", " tv safari", "dtv", "appletv"):
		return hit.DeviceTV
	}
	switch os.String() {
	case nameWindows, nameMac, nameChromeOS:
		return hit.DeviceDesktop // "Tablet PC" in an agent of Windows is a component of every desktop
	case nameAndroid, "HarmonyOS", "Tizen", "Firefox OS", "Sailfish OS", "BlackBerry OS", "webOS", "MeeGo", "Maemo":
		return handheld(t)
	}
	if hasAny(t, " mobile", "; mobi") {
		return hit.DeviceMobile
	}
	return hit.DeviceDesktop
}

// handheld tells phones from tablets. Browsers on phones say "Mobile"; web views of tablets do too, but for Samsung's
// and Amazon's the model says so.
func handheld(t []byte) hit.Device {
	switch {
	case hasAny(t, "tablet", "touchpad", "playbook", "; sm-t", "; sm-x", "; kf", "galaxy tab", "nexus 7", "nexus 10", "pixel c "):
		return hit.DeviceTablet
	case hasAny(t, "mobile", "mobi/", "opera mini", "ucbrowser", "ucweb", "phone", "(bb10;", "blackberry"):
		return hit.DeviceMobile
	case has(t, "applewebkit"):
		return hit.DeviceTablet
	}
	return hit.DeviceMobile
}
