import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

const shape = (type: string, coordinates: unknown) => `dynamic(${JSON.stringify({ type, coordinates })})`;

/** Every number of an answer, rounded: the documentation shows more digits than a double has. */
function digits(text: unknown): number[] {
  return (String(text).match(/-?\d+(?:\.\d+)?/g) ?? []).map((n) => Number(Number(n).toFixed(11)));
}

const PARK = [
  [-73.9495, 40.7969],
  [-73.95807, 40.80068],
  [-73.98201, 40.76825],
  [-73.97317, 40.76455],
  [-73.9495, 40.7969],
];
const NORTH = [
  [-73.94622, 40.79249],
  [-73.96888, 40.79282],
  [-73.9577, 40.7789],
  [-73.94622, 40.79249],
];
const SOUTH = [
  [-73.97335, 40.77274],
  [-73.9936, 40.7663],
  [-73.97171, 40.75655],
  [-73.97335, 40.77274],
];
const BOTH = shape('MultiPolygon', [
  [
    [
      [-73.9495, 40.7969],
      [-73.95807266235352, 40.80068603561921],
      [-73.98201942443848, 40.76825672305777],
      [-73.97317886352539, 40.76455136505513],
      [-73.9495, 40.7969],
    ],
  ],
  [
    [
      [-73.94262313842773, 40.775991804565585],
      [-73.98107528686523, 40.791849155467695],
      [-73.99600982666016, 40.77092185281977],
      [-73.96150588989258, 40.75609977566361],
      [-73.94262313842773, 40.775991804565585],
    ],
  ],
]);
const ROAD = [
  [-73.95683884620665, 40.80502891480884],
  [-73.95633727312088, 40.8057171711177],
  [-73.95489156246185, 40.80510200431311],
];
const ON = [...ROAD.slice(1), [-73.95537436008453, 40.804413741624515]];

/** Calls and what the documentation of the function shows for them, corner by corner. */
test.each<[string, string, string]>([
  [
    `geo_intersection_2polygons(${shape('Polygon', [
      [
        [-73.9630937576294, 40.77498840732385],
        [-73.963565826416, 40.774383111780914],
        [-73.96205306053162, 40.773745311181585],
        [-73.96160781383514, 40.7743912365898],
        [-73.9630937576294, 40.77498840732385],
      ],
    ])}, ${shape('Polygon', [
      [
        [-73.96213352680206, 40.775045280447145],
        [-73.9631313085556, 40.774578106920345],
        [-73.96207988262177, 40.77416780398293],
        [-73.96213352680206, 40.775045280447145],
      ],
    ])})`,
    'Polygon',
    '[-73.962105776437156,40.774591360999679],[-73.962642403166868,40.774807020251778],[-73.9631313085556,40.774578106920352],[-73.962079882621765,40.774167803982927],[-73.962105776437156,40.774591360999679]',
  ],
  [
    `geo_intersection_2polygons(${shape('Polygon', [
      [
        [2, 45],
        [0, 45],
        [1, 44],
        [2, 45],
      ],
    ])}, ${shape('MultiPolygon', [
      [
        [
          [3, 44],
          [2, 45],
          [2, 43],
          [3, 44],
        ],
      ],
      [
        [
          [1.192, 45.265],
          [1.005, 44.943],
          [1.356, 44.937],
          [1.192, 45.265],
        ],
      ],
    ])})`,
    'GeometryCollection',
    '[2,45],[1.3227075526410679,45.003909145068739],[1.0404565374899824,45.004356403066552],[1.005,44.943],[1.356,44.937],[1.3227075526410679,45.003909145068739]',
  ],
  [
    `geo_union_polygons_array(pack_array(${shape('Polygon', [PARK])}, ${shape('Polygon', [NORTH])}))`,
    'Polygon',
    '[-73.9495,40.7969],[-73.95807,40.80068],[-73.9639277517478,40.792748258673875],[-73.96888,40.792819999999992],[-73.9662719791645,40.7895734224338],[-73.98201,40.76825],[-73.97317,40.76455],[-73.960302383706178,40.782140794645024],[-73.9577,40.7789],[-73.94622,40.79249],[-73.9526593223173,40.792584227716468],[-73.9495,40.7969]',
  ],
  [
    `geo_union_polygons_array(pack_array(${[PARK, NORTH, SOUTH].map((ring) => shape('Polygon', [ring])).join(', ')}))`,
    'Polygon',
    '[-73.972599326729608,40.765330371902991],[-73.960302383706178,40.782140794645024],[-73.9577,40.7789],[-73.94622,40.79249],[-73.9526593223173,40.792584227716468],[-73.9495,40.7969],[-73.95807,40.80068],[-73.9639277517478,40.792748258673875],[-73.96888,40.792819999999992],[-73.9662719791645,40.7895734224338],[-73.9803360309571,40.770518810606404],[-73.9936,40.7663],[-73.97171,40.756550000000004],[-73.972599326729608,40.765330371902991]',
  ],
  [`geo_polygon_centroid(${BOTH})`, 'Point', '-73.968569587829577, 40.776310752555119'],
  [
    `geo_union_lines_array(pack_array(${shape('LineString', ROAD)}, ${shape('LineString', ON)}, ${shape('LineString', ROAD.slice(1))}))`,
    'LineString',
    '[-73.956838846206651, 40.805028914808844], [-73.95633727312088, 40.8057171711177], [-73.954891562461853, 40.80510200431312], [-73.955374360084534, 40.804413741624522]',
  ],
  [
    'geo_from_wkt("GEOMETRYCOLLECTION (POINT (1 1),LINESTRING (2 2, 3 3, 4 4),POLYGON ((10 10, 12 10, 12 12, 10 10)))")',
    'GeometryCollection',
    '[1,1] [2,2],[3,3],[4,4] [10,10],[12,10],[12,12],[10,10]',
  ],
])('%s', async (call, type, want) => {
  const { rows } = await ask(connection, `print x = ${call}`);
  expect(JSON.parse(String(rows[0]![0])).type).toBe(type);
  const [got, shown] = [digits(rows[0]![0]), digits(want)];
  expect(got).toHaveLength(shown.length);
  for (const [i, n] of got.entries()) expect(n).toBeCloseTo(shown[i]!, 9);
});

test.each<[string, number]>([
  ['geo_polygon_area', 10889971.5343487],
  ['geo_polygon_perimeter', 15943.5384578745],
])('%s counts what two polygons share once', async (name, want) => {
  const { rows } = await ask(connection, `print x = ${name}(${BOTH})`);
  expect(Number(rows[0]![0])).toBeCloseTo(want, 5);
});

test('polygons that lie apart are summed, whatever holes they have', async () => {
  const square = (x: number, size: number) => [
    [x, 0],
    [x + size, 0],
    [x + size, size],
    [x, size],
    [x, 0],
  ];
  const circle = Array.from({ length: 61 }, (_, i) => [20 + Math.cos((i * Math.PI) / 30), Math.sin((i * Math.PI) / 30)]);
  circle[60] = circle[0]!;
  const parts = [[square(0, 1), square(0.25, 0.5).map(([x, y]) => [x!, y! + 0.25])], [circle]];
  const each = parts.map((rings) => `geo_polygon_area(${shape('Polygon', rings)})`).join(' + ');
  const { rows } = await ask(connection, `print x = geo_polygon_area(${shape('MultiPolygon', parts)}) - (${each})`);
  expect(Math.abs(Number(rows[0]![0]))).toBeLessThan(1);
});

/** Two halves of a square: what both have as a border is none. */
test('polygons that share an edge come to one', async () => {
  const halves = [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
    [
      [1, 0],
      [2, 0],
      [2, 1],
      [1, 1],
      [1, 0],
    ],
  ].map((ring) => shape('Polygon', [ring]));
  const { rows } = await ask(connection, `print x = geo_union_polygons_array(pack_array(${halves.join(', ')}))`);
  const corners = new Set(JSON.parse(String(rows[0]![0])).coordinates[0].map((p: number[]) => p.map((n) => Math.round(n)).join()));
  expect(corners).toEqual(new Set(['0,0', '1,0', '2,0', '2,1', '1,1', '0,1']));
});

test.each([
  // A corner on an edge of the other: only S2's exact arithmetic tells the side.
  `geo_union_polygons_array(pack_array(${shape('Polygon', [
    [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 0],
    ],
  ])}, ${shape('Polygon', [
    [
      [1, 0],
      [3, -1],
      [3, 1],
      [1, 0],
    ],
  ])}))`,
  `geo_union_polygons_array(pack_array(${shape('Polygon', [PARK])}, ${shape('Polygon', [SOUTH.map(([x, y]) => [x! + 5, y!])])}))`,
  `geo_union_lines_array(pack_array(${shape('LineString', ROAD)}, ${shape('LineString', [
    [1, 1],
    [2, 2],
  ])}))`,
  `geo_line_to_s2cells(${shape('LineString', ROAD)})`,
])('%s is refused', async (call) => {
  await expect(ask(connection, `print x = ${call}`)).rejects.toThrow(/not supported/);
});

test('no cells lie along what is no line', async () => {
  const { rows } = await ask(
    connection,
    `print isnull(geo_line_to_s2cells(${shape('LineString', [
      [
        [0, 0],
        [0, 0],
      ],
    ])}))`,
  );
  expect(rows).toEqual([[true]]);
});
