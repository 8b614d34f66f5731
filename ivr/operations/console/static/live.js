// Asks for the table of live calls again every three seconds, until told not to. Without this the page can be reloaded.
const rows = document.getElementById("rows");
const follow = document.getElementById("follow");
const button = follow.querySelector("button");
let following = true;

async function look() {
  if (!following || document.hidden) return;
  const answer = await fetch(`${location.pathname}/rows`, { redirect: "error" }).catch(() => null);
  if (answer?.ok && !rows.contains(document.activeElement)) rows.innerHTML = await answer.text();
}

button.addEventListener("click", () => {
  following = !following;
  button.setAttribute("aria-pressed", String(following));
});
follow.hidden = false;
setInterval(look, 3000);
