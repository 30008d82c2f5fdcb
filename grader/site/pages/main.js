// @ts-check
/** Where the script of every page begins. */

import { begin } from "./grading.js";
import { begin as beginScrolling } from "./scrolling.js";
import { showStates } from "./states.js";
import { upgraded } from "./upgrade.js";
import { work } from "./work.js";

showStates();
work.addEventListener("results", showStates);
const page = document.querySelector("[data-page]")?.getAttribute("data-page");
beginScrolling();
const hasExercises = document.querySelector("section.exercise");
begin();
await upgraded();
if (hasExercises) (await import("./exercise.js")).begin();
if (page === "work") (await import("./archive.js")).begin();
if (page === "look") {
  (await import("./graph.js")).begin();
  (await import("./train.js")).begin();
}
document.body.dataset.ready = "yes"; // for whoever waits
