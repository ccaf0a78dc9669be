// Draws shares against their numbers of cases, and between which limits chance alone leaves them.
const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(`--${name}`).trim();
const COLOURS = { G: token("green"), A: token("amber"), R: token("red"), N: token("grey") };
const SYMBOLS = { G: "circle", A: "triangle-up", R: "square", N: "circle-open" };

function limit(data, values, name, dash, isNamed) {
  return {
    x: data.grid, y: values, name, mode: "lines", type: "scatter", hoverinfo: "skip", showlegend: isNamed,
    line: { color: token("ink-3"), width: 1.2, dash },
  };
}

function draw(place) {
  const data = JSON.parse(document.getElementById(place.dataset.funnel).textContent);
  const { names } = data;
  const traces = [
    limit(data, data.innerLow, names.inner, "dash", true), limit(data, data.innerHigh, names.inner, "dash", false),
    limit(data, data.outerLow, names.outer, "dot", true), limit(data, data.outerHigh, names.outer, "dot", false),
    limit(data, data.grid.map(() => data.whole), names.whole, "solid", true),
    {
      x: data.cases, y: data.shares, text: data.regions.map((region, n) => `${region} ${data.words[n]}`), mode: "markers", type: "scatter",
      showlegend: false, hovertemplate: `%{text}<br>%{y}% · ${names.cases} %{x}<extra></extra>`,
      marker: { size: 10, color: data.letters.map((l) => COLOURS[l]), symbol: data.letters.map((l) => SYMBOLS[l]), line: { width: 1, color: token("paper") } },
    },
  ];
  globalThis.Plotly.newPlot(place, traces, {
    font: { family: token("font"), size: 12, color: token("ink-2") }, height: 360, margin: { l: 52, r: 12, t: 8, b: 48 },
    paper_bgcolor: "transparent", plot_bgcolor: "transparent", hovermode: "closest", legend: { orientation: "h", y: 1.1, x: 0 },
    xaxis: { type: "log", title: { text: names.cases }, gridcolor: token("line"), nticks: 6, tickformat: "d" },
    yaxis: { ticksuffix: "%", gridcolor: token("line"), automargin: true },
  }, { responsive: true, displayModeBar: false });
}

const places = document.querySelectorAll("[data-funnel]");
if (globalThis.Plotly) places.forEach(draw);
else places.forEach((place) => place.remove());
