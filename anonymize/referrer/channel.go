package referrer

import (
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// channelOf returns the channel of a visit after the default channel groups of Google Analytics 4, as Plausible reads
// them, with a channel of its own for AI assistants. The first rule that holds decides.
func channelOf(from origin, medium, campaign string, ids clicks) hit.Channel {
	medium, campaign = strings.ToLower(medium), strings.ToLower(campaign)
	if strings.Contains(campaign, "cross-network") {
		return hit.ChannelCrossNetwork
	}
	if paidMedium(medium) || ids&paidClicks != 0 {
		return paidChannel(from, medium, campaign)
	}
	switch {
	case display(medium):
		return hit.ChannelDisplay
	case from.class == shopping || shoppingCampaign(campaign):
		return hit.ChannelOrganicShopping
	case from.class == social || socialMedium(medium):
		return hit.ChannelOrganicSocial
	case from.class == video || strings.Contains(medium, "video"):
		return hit.ChannelOrganicVideo
	case from.class == search || medium == "organic":
		return hit.ChannelOrganicSearch
	case from.class == assistant || medium == "ai" || medium == "llm":
		return hit.ChannelAI
	case from.class == mail || emailMedium(medium):
		return hit.ChannelEmail
	case medium == "affiliate" || medium == "affiliates":
		return hit.ChannelAffiliates
	case medium == "audio" || medium == "podcast":
		return hit.ChannelAudio
	case from.class == text || medium == "sms":
		return hit.ChannelSMS
	case strings.HasSuffix(medium, "push") || strings.Contains(medium, "notification"):
		return hit.ChannelPush
	case from.name != "" || medium == "referral" || medium == "app" || medium == "link":
		return hit.ChannelReferral
	}
	return hit.ChannelDirect
}

// paidChannel is the channel of a visit that somebody paid for.
func paidChannel(from origin, medium, campaign string) hit.Channel {
	switch {
	case from.class == shopping || shoppingCampaign(campaign):
		return hit.ChannelPaidShopping
	case from.class == search:
		return hit.ChannelPaidSearch
	case from.class == social:
		return hit.ChannelPaidSocial
	case from.class == video:
		return hit.ChannelPaidVideo
	case display(medium):
		return hit.ChannelDisplay
	}
	return hit.ChannelPaidOther
}

func socialMedium(medium string) bool {
	switch medium {
	case "social", "social-network", "social-media", "sm", "social network", "social media":
		return true
	}
	return false
}

func emailMedium(medium string) bool {
	switch medium {
	case "email", "e-mail", "e_mail", "e mail", "newsletter":
		return true
	}
	return false
}

// paidMedium reports whether a medium says that the click was paid for: cpc, cpm, ppc, retargeting, paid….
func paidMedium(medium string) bool {
	return strings.Contains(medium, "cp") || medium == "ppc" || medium == "retargeting" || strings.HasPrefix(medium, "paid")
}

func display(medium string) bool {
	switch medium {
	case "display", "banner", "expandable", "interstitial", "cpm":
		return true
	}
	return false
}

// shoppingCampaign reports whether a campaign is named after shopping: the word, or one that begins with shop.
func shoppingCampaign(campaign string) bool {
	i := strings.Index(campaign, "shop")
	for i >= 0 {
		if i == 0 || strings.HasPrefix(campaign[i:], "shopping") || !letter(campaign[i-1]) || campaign[i-1] == 'e' {
			return true
		}
		next := strings.Index(campaign[i+1:], "shop")
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' }
