package hit

// BotClass says what a bot is for.
type BotClass uint8

// The classes. Those of artificial intelligence are told apart as the field does it: who gathers what models learn from,
// who gathers what assistants search, and who fetches a page because somebody asked an assistant.
const (
	BotUnknown BotClass = iota // no bot
	BotSearchEngine
	BotAICrawler
	BotAISearch
	BotAIAssistant
	BotSEO
	BotMonitoring
	BotFeedReader
	BotSocialPreview
	BotScanner
	BotTool
	BotArchive
	BotAdvertising
	BotResearch
	BotOther
)

var botClassNames = [...]string{
	"", "Search engine", "AI crawler", "AI search", "AI assistant", "SEO", "Monitoring", "Feed reader", "Social preview",
	"Scanner", "Tool", "Archive", "Advertising", "Research", "Other",
}

// String returns the class's name as the Stats API shows it, empty for no bot.
func (c BotClass) String() string { return name(botClassNames[:], int(c)) }
