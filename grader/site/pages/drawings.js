// @ts-check
/** Draws on canvases what training tells. Colours are those of the style, light or dark. */

import { filled, text } from "./site.js";

/** @typedef {{inputs: number[][], targets: number[], labels?: string[]}} Examples */
/** @typedef {{xs: number[], ys: number[], decided: number[][]}} Boundary */

const CLASSES = ["--class0", "--class1", "--class2"];
const MARGIN = 34;

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

/**
 * An empty canvas, with as many dots as the screen has for it: what is drawn is measured in the page's own pixels.
 * @param {HTMLCanvasElement} canvas
 */
function cleared(canvas) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  context.scale(devicePixelRatio, devicePixelRatio);
  context.fillStyle = colour("--paper");
  context.fillRect(0, 0, width, height);
  context.font = "13px system-ui, sans-serif";
  return { context, width, height };
}

/**
 * What the network decides at each place, and the examples: those that it learns from are filled.
 * @param {HTMLCanvasElement} canvas
 * @param {Boundary} boundary
 * @param {Examples} train
 * @param {Examples} [validation]
 */
export function drawBoundary(canvas, { xs, ys, decided }, train, validation) {
  const { context, width, height } = cleared(canvas);
  const edge = (/** @type {number} */ share, /** @type {number} */ size) => Math.round(share * size);
  context.globalAlpha = 0.35;
  decided.forEach((row, j) =>
    row.forEach((kind, i) => {
      context.fillStyle = colour(CLASSES[kind] ?? "--line");
      const [x, y] = [edge(i / row.length, width), edge(1 - (j + 1) / decided.length, height)];
      context.fillRect(x, y, edge((i + 1) / row.length, width) - x, edge(1 - j / decided.length, height) - y);
    }),
  );
  context.globalAlpha = 1;
  const [left, right, low, high] = [xs[0], xs[xs.length - 1], ys[0], ys[ys.length - 1]];
  for (const examples of [validation, train]) {
    examples?.inputs.forEach(([x, y], i) => {
      const at = [((x - left) / (right - left)) * width, height - ((y - low) / (high - low)) * height];
      dot(context, at[0], at[1], examples.targets[i], examples === train);
    });
  }
}

/**
 * An example: its class is a colour and a shape.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} kind
 * @param {boolean} isFilled
 */
function dot(context, x, y, kind, isFilled) {
  context.beginPath();
  if (kind === 1) context.rect(x - 4, y - 4, 8, 8);
  else if (kind === 2) {
    context.moveTo(x, y - 5);
    context.lineTo(x + 5, y + 4);
    context.lineTo(x - 5, y + 4);
    context.closePath();
  } else context.arc(x, y, 4.5, 0, 2 * Math.PI);
  context.fillStyle = isFilled ? colour(CLASSES[kind] ?? "--ink") : colour("--paper");
  context.fill();
  context.strokeStyle = isFilled ? colour("--ink") : colour(CLASSES[kind] ?? "--ink");
  context.lineWidth = isFilled ? 1 : 1.5;
  context.stroke();
}

/**
 * What is predicted for each example, beside what it is.
 * @param {HTMLCanvasElement} canvas
 * @param {(number | null)[]} predictions
 * @param {Examples} examples
 */
export function drawPredictions(canvas, predictions, { targets }) {
  const { context, width, height } = cleared(canvas);
  const wanted = Math.max(1.2, ...targets.map(Math.abs));
  const most = Math.max(wanted, ...predictions.map((one) => Math.min(2 * wanted, Math.abs(one ?? 0))));
  const level = (/** @type {number} */ value) => height / 2 - (Math.max(-most, Math.min(most, value)) / most) * (height / 2 - MARGIN);
  const step = width / targets.length;
  context.fillStyle = colour("--soft");
  context.fillRect(0, height / 2, width, 1);
  context.textAlign = "center";
  targets.forEach((target, i) => {
    const x = (i + 0.5) * step;
    const y = level(predictions[i] ?? 0);
    context.fillStyle = colour(CLASSES[0]);
    context.fillRect(x - 0.2 * step, Math.min(y, height / 2), 0.4 * step, Math.abs(y - height / 2));
    context.fillStyle = colour("--ink");
    context.fillRect(x - 0.3 * step, level(target) - 1.5, 0.6 * step, 3);
    context.fillText(String(i + 1), x, height - 8);
  });
}

/** @typedef {{name: string, colour: string, dash: number[], points: [number, number][]}} Line */

/**
 * The losses by step.
 * @param {HTMLCanvasElement} canvas
 * @param {Line[]} lines
 * @param {number} steps
 */
export function drawLosses(canvas, lines, steps) {
  const { context, width, height } = cleared(canvas);
  const top = 16 + 20 * lines.length; // above it stands which line is which
  const finite = lines.flatMap(({ points }) => points.map(([, loss]) => loss)).filter(Number.isFinite);
  const sorted = [...finite].sort((a, b) => a - b);
  const most = Math.max(1e-9, sorted[Math.floor(sorted.length * 0.98)] ?? 1) * 1.05;
  const at = (/** @type {number} */ step) => MARGIN + (step / steps) * (width - MARGIN - 8);
  const level = (/** @type {number} */ loss) => height - MARGIN - (Math.min(loss, most) / most) * (height - MARGIN - top);
  context.fillStyle = colour("--soft");
  context.fillRect(MARGIN, height - MARGIN, width - MARGIN - 8, 1);
  context.fillRect(MARGIN, top, 1, height - MARGIN - top);
  context.fillText("0", MARGIN - 14, height - MARGIN + 4);
  context.fillText(most.toPrecision(2), 4, top - 6);
  context.textAlign = "right";
  context.fillText(filled(text.COURSE_STEPS_AXIS, { steps }), width - 8, height - MARGIN + 18);
  context.textAlign = "left";
  context.lineWidth = 2;
  lines.forEach(({ name, colour: line, dash, points }, i) => {
    context.strokeStyle = colour(line);
    context.setLineDash(dash);
    context.beginPath();
    points.forEach(([step, loss], n) => context[n ? "lineTo" : "moveTo"](at(step), level(Number.isFinite(loss) ? loss : most)));
    context.moveTo(width / 2, 14 + 20 * i);
    context.lineTo(width / 2 + 34, 14 + 20 * i);
    context.stroke();
    context.fillStyle = colour("--ink");
    context.fillText(name, width / 2 + 42, 18 + 20 * i);
  });
  context.setLineDash([]);
}
