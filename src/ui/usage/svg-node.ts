/** An SVG element as plain data: the page prints it through the template, so no HTML is trusted. */
export interface SvgNode {
  tag: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly (SvgNode | string)[];
}

/** Colours come from the stylesheet: the content security policy drops styles of its own. The whole has one name. */
const LEFT_OUT = new Set(['style', 'xmlns', 'xmlns:xlink', 'aria-label', 'aria-hidden']);

/** @param label describes the picture for those who do not see it */
export function toSvgNode(element: Element, label: string): SvgNode {
  const node = toNode(element);
  return { ...node, attributes: { ...node.attributes, role: 'img', 'aria-label': label } };
}

function toNode(element: Element): SvgNode {
  const attributes = [...element.attributes].filter(({ name }) => !LEFT_OUT.has(name));
  return {
    tag: element.nodeName.toLowerCase(),
    attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
    children: [...element.childNodes].flatMap(toChild),
  };
}

function toChild(child: ChildNode): (SvgNode | string)[] {
  if (child.nodeType === 3) return [child.textContent ?? ''];
  return child.nodeType === 1 && child.nodeName.toLowerCase() !== 'style' ? [toNode(child as Element)] : [];
}
