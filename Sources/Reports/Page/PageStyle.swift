/// How pages look.
enum PageStyle {
  /// The colours of a page in light and in dark, and the rest, which is the same in both.
  static let sheet =
    ":root{\(colors(.light));color-scheme:light dark}"
    + "@media (prefers-color-scheme:dark){:root{\(colors(.dark))}}" + rules

  private static func colors(_ palette: Palette) -> String {
    "--paper:\(palette[.paper].css);--ink:\(palette[.ink].css);--faint:\(palette[.faint].css);"
      + "--grid:\(palette[.grid].css);--accent:\(palette[.series(0)].css)"
  }

  private static let rules = """

    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1120px;padding:24px 20px 48px;background:var(--paper);color:var(--ink);
    font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
    h1{font-size:26px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
    h2{font-size:18px;margin:36px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--grid)}
    p{margin:0 0 12px;max-width:75ch;overflow-wrap:anywhere}
    header p,footer,dt,figcaption span{color:var(--faint)}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;
    list-style:none;margin:20px 0 0;padding:0}
    .tiles li,.card,figure{border:1px solid var(--grid);border-radius:10px}
    .tiles li{padding:10px 14px;color:var(--faint);font-size:13px}
    .tiles b{display:block;color:var(--ink);font-size:22px;line-height:1.3;overflow-wrap:anywhere}
    .plots,.figures{margin:0 0 16px}
    .plots{display:flex;flex-wrap:wrap;gap:14px;align-items:flex-start}
    .card{flex:1 1 320px;min-width:0;padding:4px}
    svg.plot{display:block;width:100%;height:auto}
    .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:14px}
    .figures.two{grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr))}
    .figures.three{grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr))}
    figure{margin:0;overflow:hidden}
    .images{display:flex;gap:2px;align-items:center;justify-content:center;background:var(--grid)}
    .images img{display:block;flex:0 1 auto;min-width:0;max-width:100%;height:auto}
    .one img{width:100%}
    .two .images img{max-width:calc(50% - 1px)}
    .three .images img{max-width:calc(33.33% - 2px)}
    figcaption{padding:8px 12px;font-size:13px;line-height:1.4;overflow-wrap:anywhere}
    figcaption span{display:block;font-size:12px}
    dl{display:grid;grid-template-columns:minmax(110px,max-content) 1fr;gap:4px 18px;margin:0 0 12px}
    dd{margin:0;overflow-wrap:anywhere}
    .scroll{overflow-x:auto;margin:0 0 12px}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}
    th,td{text-align:left;padding:5px 16px 5px 0;border-bottom:1px solid var(--grid);vertical-align:top}
    th{font-weight:600;white-space:nowrap}
    td{overflow-wrap:break-word;max-width:46ch}
    td:first-child{min-width:9ch}
    .number{text-align:right;white-space:nowrap}
    pre{margin:0 0 12px;padding:12px 14px;border:1px solid var(--grid);border-radius:10px;
    font:13px/1.5 ui-monospace,'DejaVu Sans Mono',monospace;white-space:pre-wrap;overflow-wrap:anywhere}
    pre span{display:inline-block;max-width:100%}
    footer{margin-top:40px;font-size:13px}
    @media (max-width:560px){body{padding:18px 14px 36px}h1{font-size:22px}th,td{padding-right:10px;font-size:14px}
    dl{grid-template-columns:minmax(90px,34%) 1fr}}
    @media print{section{break-inside:avoid}}

    """
}
