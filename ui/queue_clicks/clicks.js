// Remembers the presses on the buttons that move waiting jobs, with the moment of each. Streamlit joins presses that
// come while a page is drawn: it then knows which buttons were pressed, but neither in which order nor how often.

const BUTTON = /st-key-queue-(\d+)-(first|up|down)(?:\s|$)/
const KEPT = 50

export default function (component) {
  const { data, setStateValue } = component
  const log = (window.leydenQueuePresses ??= [])

  function note(event) {
    const button = event.target.closest?.("button")
    const found = button && !button.disabled && button.closest('[class*="st-key-queue-"]')?.className.match(BUTTON)
    if (!found) return
    const newest = log.length ? log[log.length - 1][0] : 0
    log.push([Math.max(Date.now(), newest + 1), Number(found[1]), found[2], data.session])
    log.splice(0, log.length - KEPT)
    setStateValue("presses", [...log])
  }

  // Before Streamlit's own listener: the press is told of along with it.
  document.addEventListener("click", note, { capture: true })
  return () => document.removeEventListener("click", note, { capture: true })
}
