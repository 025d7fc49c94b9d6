// In a page of `cci serve`: reloads it when the book was built anew, and shows what is wrong until it is put right.
(() => {
  const script = document.currentScript;
  const PLACE = "cci-serve-place";

  // A reload keeps the place in the page, also where charts were drawn late.
  const kept = JSON.parse(sessionStorage.getItem(PLACE) || "null");
  sessionStorage.removeItem(PLACE);
  if (kept && kept.page === location.pathname) {
    history.scrollRestoration = "manual";
    const back = () => scrollTo({ left: 0, top: kept.top, behavior: "instant" });
    document.addEventListener("DOMContentLoaded", back);
    addEventListener("load", () => requestAnimationFrame(back));
  }

  const reload = () => {
    sessionStorage.setItem(PLACE, JSON.stringify({ page: location.pathname, top: scrollY }));
    location.reload();
  };

  let box = null;
  const show = (role, heading, lines, advice) => {
    box?.remove();
    box = null;
    if (!heading) return;
    box = document.createElement("div");
    box.id = "cci-serve";
    box.setAttribute("role", role);
    box.style.cssText =
      "position:fixed;inset:auto 0 0 0;z-index:99999;max-height:45vh;overflow:auto;padding:.75rem 1rem;" +
      "font:15px/1.45 system-ui,sans-serif;color:#fff;background:" + (lines.length ? "#8a1c1c" : "#24435f");
    const title = document.createElement("strong");
    title.textContent = heading;
    const list = document.createElement("ul");
    list.style.cssText = "margin:.4rem 0;padding-left:1.2rem";
    for (const line of lines) {
      const item = document.createElement("li");
      item.style.cssText = "overflow-wrap:anywhere";
      item.textContent = line; // text of the book and the record: never markup
      list.append(item);
    }
    const next = document.createElement("div");
    next.textContent = advice;
    box.append(title, ...(lines.length ? [list] : []), next);
    document.body.append(box);
  };

  addEventListener("DOMContentLoaded", () => {
    const events = new EventSource("/.serve/events");
    addEventListener("pagehide", () => events.close());
    addEventListener("pageshow", (event) => event.persisted && location.reload()); // from the browser's history
    events.onmessage = (event) => {
      const now = JSON.parse(event.data);
      if (now.version !== script.dataset.version) reload();
      else if (now.problems.length) show("alert", now.heading, now.problems, now.advice);
      else show("status", now.heading, [], now.advice);
    };
    events.onerror = () => show("status", "cci serve has ended", [], "Start it again to go on; this page will follow.");
  });
})();
