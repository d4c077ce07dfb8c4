package markdown

// The styles of a letter, each on its element: Gmail takes <style> away where
// it likes to, and Outlook for Windows knows little of it. Sizes are in px,
// since rem is not known everywhere. The colours are those of the site's
// palette; none is quite black or white, so that clients that turn colours
// round for dark mode leave them readable.
const (
	mailInk    = "#1B2A3A"
	mailSub    = "#5A6672"
	mailIndigo = "#1F4E79"
	mailPaper  = "#FBFAF7"
	mailRule   = "#D9DEE3"
	mailPanel  = "#EEF2F6"

	mailMono = "font-family:Menlo,Consolas,'MS Gothic',monospace;"

	styleLink    = "color:" + mailIndigo + ";text-decoration:underline;"
	styleStruck  = "text-decoration:line-through;"
	styleMark    = "font-size:11px;line-height:1;vertical-align:super;"
	styleCode    = mailMono + "font-size:14px;background-color:" + mailPanel + ";"
	stylePre     = mailMono + "margin:0;font-size:13px;line-height:1.6;color:" + mailInk + ";white-space:pre-wrap;word-wrap:break-word;"
	stylePicture = "display:block;border:0;max-width:100%;height:auto;"
	styleIcon    = "border:0;max-width:100%;height:auto;vertical-align:middle;"
	styleRule    = "border:0;border-top:1px solid " + mailRule + ";"
	styleTable   = "border-collapse:collapse;width:100%;"
	styleQuote   = "border-left:3px solid " + mailRule + ";padding:2px 0 2px 16px;"
	styleVoice   = "border-left:3px solid " + mailIndigo + ";padding:2px 0 2px 16px;"
	stylePanel   = "background-color:" + mailPanel + ";border-radius:4px;padding:18px 20px;"
	styleNotes   = "border-top:1px solid " + mailRule + ";padding:14px 0 0;"
	// 14 + 20 + 14 are 48 px, of which a finger needs 44. Outlook for Windows
	// knows no padding on links, and takes that of mso-padding-alt on the cell.
	styleButtonCell = "background-color:" + mailIndigo + ";border-radius:4px;mso-padding-alt:14px 28px;"
	styleButton     = "display:inline-block;padding:14px 28px;font-size:16px;line-height:20px;font-weight:bold;" +
		"color:" + mailPaper + ";background-color:" + mailIndigo + ";border-radius:4px;text-decoration:none;"
)

// Widths in px, of which pictures may take what is left.
const (
	mailWidth      = 536 // of a letter of 600 with 32 on both sides
	mailIndent     = 26  // of lists and descriptions
	mailQuoteSides = 19
	mailPanelSides = 40
	minPicture     = 80
)

// mailLook is the styles that depend on the line height.
type mailLook struct {
	text, bold, small, cell, header string
	headings                        [3]string
}

// look returns the styles of text. All begin after a margin.
func (w *mailWords) look() mailLook {
	size := func(px, lineHeight, color string) string {
		return "font-size:" + px + "px;line-height:" + lineHeight + ";color:" + color + ";"
	}
	text := size("16", w.lineHeight, mailInk)
	cell := size("15", "1.6", mailInk) + "padding:9px 12px 9px 0;border-bottom:1px solid " + mailRule + ";vertical-align:top;"
	return mailLook{
		text:   text,
		bold:   text + "font-weight:bold;",
		small:  size("13", "1.6", mailSub),
		cell:   cell,
		header: size("13", "1.6", mailSub) + "padding:9px 12px 7px 0;border-bottom:2px solid " + mailRule + ";vertical-align:bottom;font-weight:bold;",
		headings: [3]string{
			size("20", "1.5", mailInk) + "font-weight:bold;",
			size("17", "1.5", mailInk) + "font-weight:bold;",
			size("16", "1.5", mailSub) + "font-weight:bold;",
		},
	}
}
