// Draws the figures of a report, again whenever the theme changes; paper is always light.
const DARK = matchMedia("(prefers-color-scheme: dark)")

function themed(figure, isDark) {
  const copy = structuredClone({ data: figure.data, layout: figure.layout })
  for (const [path, value] of isDark ? Object.entries(figure.dark) : []) {
    const keys = path.split("/")
    const last = keys.pop()
    keys.reduce((inner, key) => inner[key], copy)[last] = value
  }
  return copy
}

function draw(isDark) {
  for (const [place, figure] of Object.entries(FIGURES)) {
    const { data, layout } = themed(figure, isDark)
    Plotly.react(`figure-${place}`, data, layout, { displaylogo: false, displayModeBar: false, responsive: true })
  }
}

draw(DARK.matches)
DARK.addEventListener("change", () => draw(DARK.matches))
addEventListener("beforeprint", () => draw(false))
addEventListener("afterprint", () => draw(DARK.matches))
