// Draws the charts of a page with Plotly from the data that the page itself carries. The numbers stand in a table beneath.
const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(`--${name}`).trim();
const COLOURS = { G: token("green"), A: token("amber"), R: token("red"), N: token("grey") };
const SIGNS = { G: "●", A: "▲", R: "■", N: "" };
const SYMBOLS = { G: "circle", A: "triangle-up", R: "square", N: "circle-open" };
const FONT = { family: token("font"), size: 12, color: token("ink-2") };
const YEAR_WIDTH = 56; // a year's name and the gap after it
const isChinese = document.documentElement.lang.startsWith("zh");

const LOCALE = {
  moduleType: "locale",
  name: "zh-Hans",
  dictionary: {
    "Reset axes": "还原", "Autoscale": "自动缩放", "Zoom": "缩放", "Pan": "平移", "Zoom in": "放大", "Zoom out": "缩小",
    "Download plot as a PNG": "存为图片", "Double-click to zoom back out": "双击还原",
  },
};

// Of a question there are two answers, and nothing between them.
const answered = (data, values) => (data.answers?.length ? values.map((value) => data.answers[value] ?? value) : values);

function actualTrace(data) {
  const colours = data.letters.map((letter) => COLOURS[letter]);
  const shared = {
    x: data.quarters.slice(0, data.actual.length), y: answered(data, data.actual), name: data.names.actual, customdata: data.words,
    hovertemplate: `%{x}<br>%{y}${data.unit} %{customdata}<extra></extra>`,
    showlegend: false, // its marks bear the colours of the ratings, none of which is its own
  };
  if (data.kind === "bars") {
    const signs = { text: data.letters.map((letter) => SIGNS[letter]), textposition: "outside", cliponaxis: false, textfont: { size: 10, color: colours } };
    return { ...shared, ...signs, type: "bar", marker: { color: colours } };
  }
  return {
    ...shared, type: "scatter", mode: "lines+markers", connectgaps: false,
    line: { color: token("ink-3"), width: 1.5 },
    marker: { color: colours, symbol: data.letters.map((letter) => SYMBOLS[letter]), size: 10 },
  };
}

function pathTrace(data, values, name, showlegend = true) {
  // A sum that starts again every year has no path to follow, only a mark to reach in each quarter.
  if (data.kind === "bars") {
    return {
      x: data.quarters, y: answered(data, values), name, showlegend, type: "scatter", mode: "markers", hovertemplate: `%{x}<br>%{y}${data.unit}<extra>${name}</extra>`,
      marker: { symbol: "line-ew-open", size: 14, color: token("accent"), line: { width: 2.5, color: token("accent") } },
    };
  }
  return {
    x: data.quarters, y: answered(data, values), name, showlegend, type: "scatter", mode: "lines", hovertemplate: `%{x}<br>%{y}${data.unit}<extra>${name}</extra>`,
    line: { color: token("accent"), width: 2, dash: "dash" },
  };
}

// The target's own level moves in steps, where a new version moved it.
function levelTrace(data) {
  return {
    x: data.quarters.slice(0, data.level.length), y: data.level, name: data.names.level, type: "scatter", mode: "lines",
    line: { color: token("ink-2"), width: 1.5, shape: "hv" }, hovertemplate: `%{x}<br>%{y}${data.unit}<extra>${data.names.level}</extra>`,
  };
}

function seasonTrace(data) {
  return {
    x: data.quarters, y: data.season, name: data.names.season, type: "scatter", mode: "lines+markers", connectgaps: false,
    line: { color: token("ink-3"), width: 1.5, dash: "dot" }, marker: { symbol: "x-thin", size: 8, color: token("ink-2"), line: { width: 2, color: token("ink-2") } },
    hovertemplate: `%{x}<br>%{y}${data.unit}<extra>${data.names.season}</extra>`,
  };
}

function projectionTrace(data) {
  const last = data.actual.findLastIndex((value) => value !== null);
  return {
    x: [data.quarters[last], data.quarters.at(-1)], y: [data.actual[last], data.projection], name: data.names.projection,
    type: "scatter", mode: "lines+markers", line: { color: token("red"), width: 1.5, dash: "dot" },
    marker: { symbol: "diamond-open", size: 9, color: token("red") }, hovertemplate: `%{x}<br>%{y}${data.unit}<extra></extra>`,
  };
}

// Few quarters bear their names in two lines; of many only the first of each year bears the year, where there is room.
function ticks(data, width) {
  const split = data.quarters.map((name) => (isChinese ? name.split("年") : name.split(" ").reverse()));
  const year = (parts) => (isChinese ? `${parts[0]}年` : parts[0]);
  if (data.quarters.length <= 9) return { tickvals: data.quarters, ticktext: split.map((parts) => `${parts[1]}<br>${year(parts)}`) };
  const years = data.quarters.map((_name, place) => place).filter((place) => place === 0 || split[place][0] !== split[place - 1][0]);
  const step = Math.ceil((years.length * YEAR_WIDTH) / width);
  const firsts = years.filter((_place, number) => number % step === 0);
  return { tickvals: firsts.map((place) => data.quarters[place]), ticktext: firsts.map((place) => year(split[place])) };
}

function draw(place) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const traces = [actualTrace(data)];
  if (data.expected?.some((value) => value !== null)) traces.push(pathTrace(data, data.expected, data.names.expected));
  if (data.expectedHi?.some((value) => value !== null)) traces.push(pathTrace(data, data.expectedHi, data.names.expected, false)); // both bounds are one path in the key
  if (data.level?.length) traces.push(levelTrace(data));
  if (data.season?.length) traces.push(seasonTrace(data));
  if (data.projection !== null && data.projection !== undefined) traces.push(projectionTrace(data));
  const layout = {
    font: FONT, height: 300, margin: { l: 48, r: 12, t: 8, b: 36 }, paper_bgcolor: "transparent", plot_bgcolor: "transparent",
    xaxis: { type: "category", categoryorder: "array", categoryarray: data.quarters, tickangle: 0, automargin: true, ...ticks(data, place.clientWidth - 60) },
    yaxis: { gridcolor: token("line"), zerolinecolor: token("line-2"), rangemode: data.kind === "bars" ? "tozero" : "normal", automargin: true },
    showlegend: traces.length > 1, legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0 }, hovermode: "closest",
  };
  if (data.answers?.length) Object.assign(layout.yaxis, { type: "category", categoryarray: data.answers, range: [-0.2, 1.2] });
  if (data.isRank) Object.assign(layout.yaxis, { autorange: "reversed", dtick: Math.max(1, Math.ceil(Math.max(...data.actual) / 6)) }); // the first on top
  globalThis.Plotly.newPlot(place, traces, layout, {
    responsive: true, displaylogo: false, locale: isChinese ? "zh-Hans" : "en",
    modeBarButtonsToRemove: ["select2d", "lasso2d", "toImage", "autoScale2d"],
  });
  place.classList.add("drawn"); // the still picture beside it is left to paper
}

// The module runs after the deferred script before it, so that Plotly is there, or never will be.
if (globalThis.Plotly) {
  globalThis.Plotly.register(LOCALE);
  document.querySelectorAll("[data-chart]").forEach(draw);
} else {
  document.querySelectorAll("[data-chart]").forEach((place) => place.remove());
}
