/** A long navigation scrolls by itself: brings the current page into its view, and leaves the page where it is. */
const nav = document.querySelector<HTMLElement>('.reference-nav');
const current = nav?.querySelector<HTMLElement>('[aria-current]');
if (nav && current) {
  const below = current.getBoundingClientRect().bottom - nav.getBoundingClientRect().bottom;
  if (below > 0) nav.scrollTop += below + nav.clientHeight / 2;
}
