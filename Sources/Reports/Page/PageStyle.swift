/// How pages look.
enum PageStyle {
  /// The colours of a page in light and in dark, and the rest, which is the same in both.
  static let sheet =
    ":root{\(colors(.light));--shade:rgba(27,31,36,.22);--warn:#fdf3d8;--edge:#d97706;color-scheme:light dark}"
    + "@media (prefers-color-scheme:dark){:root{\(colors(.dark));--shade:rgba(0,0,0,.75);--warn:#33290f;--edge:#fbae4b}}"
    + rules

  private static func colors(_ palette: Palette) -> String {
    "--paper:\(palette[.paper].css);--ink:\(palette[.ink].css);--faint:\(palette[.faint].css);"
      + "--grid:\(palette[.grid].css);--accent:\(palette[.series(0)].css)"
  }

  private static let rules = """

    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1240px;padding:24px 24px 48px;background:var(--paper);color:var(--ink);
    font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
    h1{font-size:26px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
    h2{font-size:18px;margin:36px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--grid)}
    p{margin:0 0 12px;max-width:100ch;overflow-wrap:anywhere}
    header p,footer,dt,figcaption span{color:var(--faint)}
    .tiles{display:flex;flex-wrap:wrap;gap:12px;list-style:none;margin:20px 0 0;padding:0}
    .tiles li,.card,figure{border:1px solid var(--grid);border-radius:10px}
    .tiles li{flex:1 1 150px;min-width:0;padding:10px 14px;color:var(--faint);font-size:13px}
    .tiles b{display:block;color:var(--ink);font-size:22px;line-height:1.3;overflow-wrap:anywhere}
    .grid{display:grid;grid-template-columns:minmax(0,1fr);gap:14px;margin:0 0 16px}
    @media (min-width:900px){.grid{grid-template-columns:repeat(2,minmax(0,1fr))}
    .grid>:last-child:nth-child(odd){grid-column:1/-1}
    .grid>dl:last-child:nth-child(odd){grid-template-columns:repeat(2,minmax(110px,max-content) minmax(0,1fr))}
    .grid>.card:last-child:nth-child(odd) svg{margin:auto;max-width:760px}
    .grid>.card{display:flex;align-items:center}.grid>.card>div{flex:1;min-width:0}}
    .card{min-width:0;padding:4px;overflow-x:auto;scrollbar-width:thin}
    .grid>dl,.grid>.scroll{align-content:start;margin:0;padding:10px 16px;border:1px solid var(--grid);border-radius:10px}
    .grid>div>:last-child{margin-bottom:0}
    .grid>.scroll:has(tr:nth-child(12)) :is(th,td){padding-top:1px;padding-bottom:1px;font-size:13px}
    svg.plot{display:block;width:100%;height:auto;margin:auto}
    .figures{display:grid;gap:14px;margin:0 0 16px;grid-template-columns:repeat(3,minmax(0,1fr))}
    .figures.two,.figures.three{grid-template-columns:minmax(0,1fr)}
    @media (min-width:600px){.figures.one{grid-template-columns:repeat(4,minmax(0,1fr))}
    .figures.two,.figures.three{grid-template-columns:repeat(2,minmax(0,1fr))}}
    @media (min-width:1000px){.figures.one{grid-template-columns:repeat(6,minmax(0,1fr))}
    .figures.two{grid-template-columns:repeat(4,minmax(0,1fr))}
    .figures.three{grid-template-columns:repeat(3,minmax(0,1fr))}}
    figure{margin:0;overflow:hidden}
    .images{display:flex;gap:2px;align-items:center;justify-content:center;background:var(--grid)}
    .images img{display:block;flex:0 1 auto;min-width:0;max-width:100%;height:auto}
    .one img{width:100%}

    figcaption{padding:8px 12px;font-size:13px;line-height:1.4;overflow-wrap:anywhere}
    figcaption b,figcaption span{display:block}
    figcaption span{font-size:12px}
    .ramp{display:block;height:10px;margin:6px 0 2px;border-radius:3px}
    dl{display:grid;grid-template-columns:minmax(110px,max-content) minmax(0,1fr);gap:4px 18px;margin:0 0 12px}
    dd{margin:0;overflow-wrap:anywhere}
    .warning{max-width:none;margin:0 0 10px;padding:10px 14px;border-left:4px solid var(--edge);
    border-radius:4px;background:var(--warn)}
    .warning::before{content:"\\26A0\\FE0E";margin-right:8px;color:var(--edge);font-weight:600}
    code{font:.92em ui-monospace,'DejaVu Sans Mono',monospace;overflow-wrap:anywhere}
    .scroll{overflow-x:auto;margin:0 0 12px;background:linear-gradient(90deg,var(--paper) 30%,transparent) left/40px 100%,
    linear-gradient(-90deg,var(--paper) 30%,transparent) right/40px 100%,
    radial-gradient(farthest-side at 0 50%,var(--shade),transparent) left/14px 100%,
    radial-gradient(farthest-side at 100% 50%,var(--shade),transparent) right/14px 100%;
    background-repeat:no-repeat;background-attachment:local,local,scroll,scroll;scrollbar-width:thin}
    table{border-collapse:collapse;min-width:100%;font-variant-numeric:tabular-nums}
    th,td{text-align:left;padding:5px 16px 5px 0;border-bottom:1px solid var(--grid);vertical-align:top}
    th:last-child,td:last-child{padding-right:4px}
    th{font-weight:600;white-space:nowrap}
    td{overflow-wrap:break-word;max-width:46ch}
    td:first-child{min-width:9ch}
    .number{text-align:right;white-space:nowrap}
    details{margin:0 0 12px}
    summary{cursor:pointer;padding:6px 0;color:var(--accent)}
    pre{margin:0 0 12px;padding:12px 14px;border:1px solid var(--grid);border-radius:10px;
    font:13px/1.5 ui-monospace,'DejaVu Sans Mono',monospace;white-space:pre-wrap;overflow-wrap:anywhere}
    pre span{display:inline-block;max-width:100%}
    footer{margin-top:40px;font-size:13px}
    @media (max-width:599px){body{padding:18px 14px 36px}h1{font-size:22px}th,td{padding-right:12px;font-size:14px}
    td{max-width:24ch}.tiles li{flex-basis:130px}dl{grid-template-columns:minmax(90px,34%) minmax(0,1fr)}
    figcaption{padding:6px 8px}}
    @media print{section,figure,.card{break-inside:avoid}}

    """
}
