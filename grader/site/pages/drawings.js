// @ts-check
/** Draws on canvases what training tells. Colours are those of the style, light or dark. */

/** @typedef {{inputs: number[][], targets: number[], labels?: string[]}} Examples */
/** @typedef {{xs: number[], ys: number[], decided: number[][]}} Boundary */

const CLASSES = ["--class0", "--class1", "--class2"];
const MARGIN = 34;

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

/** @param {HTMLCanvasElement} canvas */
function cleared(canvas) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.globalAlpha = 1;
  context.fillStyle = colour("--paper");
  context.fillRect(0, 0, canvas.width, canvas.height);
  return context;
}

/**
 * What the network decides at each place, and the examples.
 * @param {HTMLCanvasElement} canvas
 * @param {Boundary} boundary
 * @param {Examples} examples
 */
export function drawBoundary(canvas, { xs, ys, decided }, examples) {
  const context = cleared(canvas);
  const { width, height } = canvas;
  const cell = { width: width / xs.length, height: height / ys.length };
  context.globalAlpha = 0.35;
  decided.forEach((row, j) =>
    row.forEach((kind, i) => {
      context.fillStyle = colour(CLASSES[kind] ?? "--line");
      const [x, y] = [Math.floor(i * cell.width), Math.floor(height - (j + 1) * cell.height)];
      context.fillRect(x, y, Math.ceil(cell.width), Math.ceil(cell.height));
    }),
  );
  context.globalAlpha = 1;
  const [left, right, low, high] = [xs[0], xs[xs.length - 1], ys[0], ys[ys.length - 1]];
  examples.inputs.forEach(([x, y], i) => {
    const at = [((x - left) / (right - left)) * width, height - ((y - low) / (high - low)) * height];
    dot(context, at[0], at[1], examples.targets[i]);
  });
}

/**
 * An example: its class is a colour and a shape.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} kind
 */
function dot(context, x, y, kind) {
  context.beginPath();
  if (kind === 1) context.rect(x - 4, y - 4, 8, 8);
  else if (kind === 2) {
    context.moveTo(x, y - 5);
    context.lineTo(x + 5, y + 4);
    context.lineTo(x - 5, y + 4);
    context.closePath();
  } else context.arc(x, y, 4.5, 0, 2 * Math.PI);
  context.fillStyle = colour(CLASSES[kind] ?? "--ink");
  context.fill();
  context.strokeStyle = colour("--ink");
  context.lineWidth = 1;
  context.stroke();
}

/**
 * What is predicted for each example, beside what it is.
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} predictions
 * @param {Examples} examples
 */
export function drawPredictions(canvas, predictions, { targets }) {
  const context = cleared(canvas);
  const { width, height } = canvas;
  const most = Math.max(1.2, ...targets.map(Math.abs), ...predictions.map((one) => Math.min(3, Math.abs(one) || 0)));
  const level = (/** @type {number} */ value) => height / 2 - (Math.max(-most, Math.min(most, value)) / most) * (height / 2 - MARGIN);
  context.fillStyle = context.strokeStyle = colour("--soft");
  context.fillRect(0, height / 2, width, 1);
  targets.forEach((target, i) => {
    const x = ((i + 0.5) * width) / targets.length;
    context.fillStyle = colour(CLASSES[0]);
    const y = level(predictions[i]);
    context.fillRect(x - 24, Math.min(y, height / 2), 48, Math.abs(y - height / 2));
    context.fillStyle = colour("--ink");
    context.fillRect(x - 34, level(target) - 1, 68, 3);
  });
}

/**
 * The losses by step.
 * @param {HTMLCanvasElement} canvas
 * @param {{name: string, colour: string, dash: number[], points: [number, number][]}[]} lines
 * @param {number} steps
 */
export function drawLosses(canvas, lines, steps) {
  const context = cleared(canvas);
  const { width, height } = canvas;
  const finite = lines.flatMap(({ points }) => points.map(([, loss]) => loss)).filter(Number.isFinite);
  const sorted = [...finite].sort((a, b) => a - b);
  const most = Math.max(1e-9, sorted[Math.floor(sorted.length * 0.98)] ?? 1) * 1.05;
  const at = (/** @type {number} */ step) => MARGIN + (step / steps) * (width - MARGIN - 8);
  const level = (/** @type {number} */ loss) => height - MARGIN - (Math.min(loss, most) / most) * (height - MARGIN - 16);
  context.font = "13px system-ui, sans-serif";
  context.fillStyle = colour("--soft");
  context.fillRect(MARGIN, height - MARGIN, width - MARGIN - 8, 1);
  context.fillRect(MARGIN, 16, 1, height - MARGIN - 16);
  context.fillText("0", MARGIN - 14, height - MARGIN + 4);
  context.fillText(most.toPrecision(2), 2, 12);
  context.textAlign = "right";
  context.fillText(String(steps), width - 8, height - MARGIN + 18);
  lines.forEach(({ name, colour: line, dash, points }, i) => {
    context.strokeStyle = context.fillStyle = colour(line);
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.beginPath();
    points.forEach(([step, loss], n) => context[n ? "lineTo" : "moveTo"](at(step), level(Number.isFinite(loss) ? loss : most)));
    context.stroke();
    context.fillText(name, width - 10, 18 + 18 * i);
  });
  context.setLineDash([]);
  context.textAlign = "left";
}
