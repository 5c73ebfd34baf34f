/** Rules for paper: white, nothing that sticks, no section's head alone at the end of a page, what was folded away unfolded. */
export const PRINT_RULES = `
@page{margin:14mm}
@media print{
body{background:#fff;font-size:10pt}
.page{display:block;max-width:none;padding:0}
.top{padding:0 0 .5rem;background:none}
.contents,.skip,#theme,.screen{display:none}
.verdict,.panel{border-color:#999}
.scroll{overflow:visible}
.flow{min-width:0}
table{font-size:8.5pt}
th,td{padding:.2rem .4rem}
thead th{white-space:normal}
.tiles{grid-template-columns:repeat(4,1fr)}
h2,h3,h4,caption,thead{break-after:avoid}
tr,.tile,.question,.finding,.verdict,svg{break-inside:avoid}
thead{display:table-header-group}
.command{white-space:pre-wrap}
details.paper::details-content{content-visibility:visible;display:block;height:auto}
a{color:inherit;text-decoration:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;
