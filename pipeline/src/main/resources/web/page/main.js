import { connection } from "./api.js";
import { showDeadLetters, showDeadLettersUnknown } from "./deadletters.js";
import { byId, setText } from "./dom.js";
import { time } from "./format.js";
import { showHealth } from "./health.js";
import { followAddress } from "./panel.js";
import { showPipeline } from "./pipeline.js";
import { setPaused } from "./poll.js";
import { startSearch } from "./search.js";
import { showEvents, showFunnel, showTrending } from "./shop.js";
import { keepTimes } from "./times.js";

function watchConnection() {
  const banner = byId("connection");
  connection.addEventListener("lost", () => {
    if (banner.hidden) {
      banner.hidden = false;
      setText(
        banner,
        `No connection to the server since ${time(Date.now())}. What you see is from before;` +
          " the page goes on by itself when the server answers.",
      );
    }
  });
  connection.addEventListener("found", () => {
    banner.hidden = true;
  });
}

function letPause() {
  const button = byId("pause");
  button.addEventListener("click", () => {
    const paused = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", paused);
    document.body.classList.toggle("paused", paused);
    setPaused(paused);
  });
}

watchConnection();
letPause();
keepTimes();
startSearch();
showPipeline(showDeadLetters, showDeadLettersUnknown);
showHealth();
showTrending();
showFunnel();
showEvents();
followAddress();
