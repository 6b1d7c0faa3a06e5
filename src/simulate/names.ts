/** Name parts that make clearly synthetic people; a number is added where two would share a name. */
export const GIVEN_NAMES: readonly string[] =
  'Ada Abel Aiko Alba Amara Anand Anouk Arda Astrid Aviv Basil Bea Bjorn Brook Calla Cato Cem Cleo Dag Dalia Darya Delphi Dima Edda Eero Elio Emre Enzo Esme Eun Fay Femi Finn Freya Gael Gita Goran Greta Hana Hari Heli Hugo Ida Ilya Imani Inez Isak Ivo Jae Jana Jiro Juno Kaia Kamal Kaya Kenji Kira Lars Leila Lena Linus Lior Luca Luz Mads Maia Malik Mara Mateo Mei Milo Mina Nadia Nils Noor Nuri Oda Olek Omar Orla Otis Pavel Petra Pia Priya Quinn Rafi Rhea Rio Rosa Rune Sade Sami Sena Silas Sora Tala Tariq Tess Theo Tove Uma Uri Vera Vik Wren Yara Yuki Zane Zeynep Zora'.split(
    ' ',
  );

export const FAMILY_NAMES: readonly string[] =
  'Alder Amber Anvil Arbor Ashlar Aspen Atlas Barrow Basalt Beacon Birch Bracken Bramble Brook Cairn Canyon Cedar Cinder Citrine Clover Cobalt Copper Coral Cove Cypress Dale Delta Dune Ember Fathom Fennel Fern Fjord Flint Forge Garnet Glade Granite Grove Gull Harbor Hazel Heath Heron Indigo Iris Jasper Juniper Kelp Kestrel Lagoon Larch Laurel Lichen Linden Loam Lupin Maple Marsh Meadow Mica Mistral Moss Myrtle Nettle Oak Onyx Opal Osprey Paddock Pebble Pine Plume Prairie Quarry Quartz Raven Reed Ridge River Rowan Rush Sable Saffron Sage Sand Sedge Shale Sierra Slate Sorrel Spruce Stone Summit Teal Thistle Thorn Tidewater Timber Topaz Vale Verdant Violet Walnut Willow Yarrow Zephyr'.split(
    ' ',
  );
