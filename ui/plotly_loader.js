// The chart library, loaded once per page, whoever asks first. Stands before each component that draws with it.

function loadPlotly(url) {
  if (window.Plotly) return Promise.resolve()
  window.leydenPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = resolve
    script.onerror = () => {
      window.leydenPlotly = undefined
      reject(new Error("plotly"))
    }
    document.head.append(script)
  })
  return window.leydenPlotly
}
