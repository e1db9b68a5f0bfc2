package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.function.Locations.Place;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/**
 * Functions {@code geo.*}, by the database that {@code global.location-database} names: empty texts
 * and NaN for what it does not know, and for everything when there is none.
 */
public final class GeoFunctions {

    /** Mean radius of the Earth in km (IUGG). */
    private static final double RADIUS_KM = 6371.0088;

    private static final double KM_IN_MILE = 1.609344;

    private final CurrentRun run;
    private final Locations locations;

    GeoFunctions(CurrentRun run, Locations locations) {
        this.run = run;
        this.locations = locations;
    }

    private Place place(@Nullable String address) {
        run.side();
        try {
            return locations.of(
                    InetAddress.ofLiteral(orEmpty(address).strip()), run.world().locations());
        } catch (IllegalArgumentException e) {
            return Place.UNKNOWN;
        }
    }

    @RuleFunction("The city where an address is; empty if that is not known.")
    public String getCity(@Nullable String ip) {
        return place(ip).city();
    }

    @RuleFunction("The country where an address is; empty if that is not known.")
    public String getCountry(@Nullable String ip) {
        return place(ip).country();
    }

    @RuleFunction("The two letters of the country where an address is; empty if not known.")
    public String getCountryCode(@Nullable String ip) {
        return place(ip).countryCode();
    }

    @RuleFunction("The region, state or county where an address is; empty if not known.")
    public String getRegion(@Nullable String ip) {
        return place(ip).region();
    }

    @RuleFunction("The code of the region where an address is; empty if not known.")
    public String getRegionCode(@Nullable String ip) {
        return place(ip).regionCode();
    }

    @RuleFunction("The latitude of an address in degrees; NaN if it is not known.")
    public double getLatitude(@Nullable String ip) {
        return place(ip).latitude();
    }

    @RuleFunction("The longitude of an address in degrees; NaN if it is not known.")
    public double getLongitude(@Nullable String ip) {
        return place(ip).longitude();
    }

    @RuleFunction("How far apart two points are, in km along the surface.")
    public double getDistanceKM(
            double latitude1, double longitude1, double latitude2, double longitude2) {
        double a = Math.toRadians(latitude1);
        double b = Math.toRadians(latitude2);
        double half = Math.sin((b - a) / 2);
        double across = Math.sin(Math.toRadians(longitude2 - longitude1) / 2);
        double h = half * half + Math.cos(a) * Math.cos(b) * across * across;
        return 2 * RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
    }

    @RuleFunction("How far apart two points are, in miles along the surface.")
    public double getDistanceMiles(
            double latitude1, double longitude1, double latitude2, double longitude2) {
        return getDistanceKM(latitude1, longitude1, latitude2, longitude2) / KM_IN_MILE;
    }

    @RuleFunction("How far apart two addresses are, in km; NaN if that is not known.")
    public double getIPDistanceKM(@Nullable String ip1, @Nullable String ip2) {
        Place from = place(ip1);
        Place to = place(ip2);
        return getDistanceKM(from.latitude(), from.longitude(), to.latitude(), to.longitude());
    }

    @RuleFunction("How far apart two addresses are, in miles; NaN if that is not known.")
    public double getIPDistanceMiles(@Nullable String ip1, @Nullable String ip2) {
        return getIPDistanceKM(ip1, ip2) / KM_IN_MILE;
    }
}
