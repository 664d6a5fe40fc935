package dev.escapement;

import java.nio.charset.StandardCharsets;
import java.time.Month;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** JSON by Jackson 3. Every setting that shapes the bytes is pinned, so that an upgrade can't. */
final class JsonCodec implements PayloadCodec {

  /** The one enum that Jackson 3 writes as a number. */
  private static final JacksonModule MONTH_BY_NAME =
      new SimpleModule("month by name").addSerializer(Month.class, ToStringSerializer.instance);

  private final JsonMapper mapper =
      JsonMapper.builder()
          .addModule(MONTH_BY_NAME)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
          .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
          .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
          .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Override
  public byte[] write(Object payload, Class<?> type) {
    try {
      return mapper.writerFor(type).writeValueAsBytes(payload);
    } catch (JacksonException e) {
      throw new PayloadException(
          "A payload of " + type.getName() + " can't be written as JSON: " + e.getOriginalMessage(),
          e);
    }
  }

  @Override
  public <T> T read(byte[] bytes, Class<T> type) {
    try {
      T value = mapper.readValue(bytes, type);
      if (value == null) {
        throw new PayloadException("The JSON is null, a " + type.getName() + " is wanted.", null);
      }
      return value;
    } catch (JacksonException e) {
      throw new PayloadException(
          "A payload can't be read as "
              + type.getName()
              + ": "
              + e.getOriginalMessage()
              + "; it begins with "
              + Names.quote(beginning(bytes))
              + ".",
          e);
    }
  }

  private static String beginning(byte[] bytes) {
    return new String(bytes, 0, Math.min(bytes.length, 240), StandardCharsets.UTF_8);
  }
}
