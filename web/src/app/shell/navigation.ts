import {
  type Icon,
  IconBolt,
  IconChartDots3,
  IconFileImport,
  IconHome,
  IconList,
  IconMail,
  IconRoute,
  IconSend,
  IconSettings,
  IconShoppingBag,
  IconUser,
  IconUsersGroup,
} from "@tabler/icons-react";

export interface Place {
  /** Its word under `nav`. */
  word: string;
  to: string;
  icon: Icon;
}

/** The main menu, in groups; a place whose route no feature has is left out. */
export const PLACES: { word: string | null; places: Place[] }[] = [
  { word: null, places: [{ word: "home", to: "/", icon: IconHome }] },
  {
    word: "reach",
    places: [
      { word: "journeys", to: "/journeys", icon: IconRoute },
      { word: "campaigns", to: "/campaigns", icon: IconSend },
      { word: "content", to: "/content", icon: IconMail },
    ],
  },
  {
    word: "know",
    places: [
      { word: "segments", to: "/segments", icon: IconUsersGroup },
      { word: "predictions", to: "/predictions", icon: IconChartDots3 },
      { word: "people", to: "/people", icon: IconUser },
      { word: "lists", to: "/lists", icon: IconList },
    ],
  },
  {
    word: "data",
    places: [
      { word: "events", to: "/events", icon: IconBolt },
      { word: "catalog", to: "/catalog", icon: IconShoppingBag },
      { word: "imports", to: "/imports", icon: IconFileImport },
    ],
  },
  { word: null, places: [{ word: "settings", to: "/settings", icon: IconSettings }] },
];

/** Whether a place is the one at an address. */
export function isAt(place: Place, path: string): boolean {
  return place.to === "/" ? path === "/" : path === place.to || path.startsWith(`${place.to}/`);
}
